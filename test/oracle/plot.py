"""Numbers for test/plot. Made with Python 3.11, numpy 2.4.6, scipy 1.17.1, astropy 8.0.2: python test/oracle/plot.py > test/oracle/plot.json"""

import json

import astropy.units as u
from astropy.coordinates import SkyCoord
from scipy.stats import chi2, norm

# Central interval of a Poisson mean (Garwood 1936), 1 sigma
tail = norm.sf(1)
poisson = [
    [n, float(chi2.ppf(tail, 2 * n) / 2) if n else 0.0, float(chi2.isf(tail, 2 * n + 2) / 2)]
    for n in [0, 1, 2, 3, 5, 10, 30, 100, 1000]
]
circle = []
for lon, lat, radius, angle in [(83.63, 22.01, 0.5, 30), (10, -75, 3, 200), (359.9, 0, 1, 90), (120, 89.5, 2, 5)]:
    p = SkyCoord(lon, lat, unit="deg").directional_offset_by(angle * u.deg, radius * u.deg)
    circle.append([lon, lat, radius, angle, p.ra.deg, p.dec.deg])
sed = ((2 * u.TeV) ** 2 * (3e-12 * u.Unit("cm-2 s-1 TeV-1"))).to_value("erg cm-2 s-1")
print(json.dumps({"poisson": poisson, "circle": circle, "sed": {"energy": 2, "dnde": 3e-12, "erg": float(sed)}}, indent=1))
