"""Oracle of the FITS room: astropy 8.0.2, numpy 2.x.

python fits.py dump FILE...   prints what astropy reads: per HDU its cards, per image and column a SHA-256 of the values
python fits.py make FOLDER    writes small files that use every feature of the reader
python fits.py json           prints test/oracle/fits.json: those files (gzip, base64) and what astropy reads from them

Values are hashed as little-endian float64 (NaN made canonical), 64-bit integers as such, strings joined by "\\0".
"""

import base64
import gzip
import hashlib
import json
import re
import sys
import tempfile
import warnings
from pathlib import Path

import numpy as np
from astropy.io import fits

warnings.simplefilter("ignore")
STRUCTURE = re.compile(
    r"^(SIMPLE|XTENSION|BITPIX|NAXIS\d*|PCOUNT|GCOUNT|TFIELDS|EXTEND|EXTNAME|THEAP|BSCALE|BZERO|BLANK|CHECKSUM|DATASUM|LONGSTRN|"
    r"(TTYPE|TFORM|TUNIT|TSCAL|TZERO|TNULL|TDIM|TBCOL|TDISP)\d+)$"
)


def numbers(values, null=None):
    """SHA-256 and count of numbers; complex ones count as two."""
    values = np.ascontiguousarray(values)
    if values.dtype.kind == "c":
        values = values.view(values.real.dtype)
    if values.dtype.kind in "iu" and values.dtype.itemsize == 8 and null is None:
        flat = values.astype(values.dtype.newbyteorder("<")).ravel()
    else:
        flat = values.astype("<f8").ravel()
        if null is not None:
            flat[values.ravel() == null] = np.nan
        flat[np.isnan(flat)] = np.nan
    return {"n": int(flat.size), "sha": hashlib.sha256(flat.tobytes()).hexdigest()}


def texts(values):
    values = [str(v).rstrip() for v in np.asarray(values).ravel()]
    return {"n": len(values), "sha": hashlib.sha256("\0".join(values).encode("latin-1")).hexdigest()}


def card_value(value):
    if isinstance(value, fits.card.Undefined):
        return None
    if isinstance(value, (bool, np.bool_)):
        return bool(value)
    if isinstance(value, int):
        return value if abs(value) < 2**53 else f"integer {value}"
    if isinstance(value, complex):
        return "complex"
    return value.rstrip() if isinstance(value, str) else float(value)


def cards_of(header):
    return [[c.keyword, card_value(c.value)] for c in header.cards if not STRUCTURE.match(c.keyword)]


def image(path, i, hdu):
    scale, zero, blank = (hdu.header.get(k, d) for k, d in (("BSCALE", 1), ("BZERO", 0), ("BLANK", None)))
    bitpix = hdu.header["BITPIX"]
    unsigned = scale == 1 and zero == {8: -128, 16: 2**15, 32: 2**31, 64: 2**63}.get(bitpix)
    if not unsigned and (scale != 1 or zero != 0 or blank is not None):
        # astropy gives some scaled images as float32; the values are wanted in float64.
        with fits.open(path, do_not_scale_image_data=True) as raw:
            stored = raw[i].data
            values = stored.astype("f8") * scale + zero
            if blank is not None and bitpix > 0:
                values[stored == blank] = np.nan
    else:
        values = hdu.data
    return {"shape": list(values.shape), **numbers(values)}


def column(hdu, col):
    values = hdu.data.field(col.name)
    out = {"name": col.name, "unit": col.unit or ""}
    if values.dtype.kind == "O":
        rows = [np.asarray(v) for v in values]
        out["counts"] = [len(v) for v in rows]
        if "A" in col.format.split("(")[0]:
            return {**out, **texts(["".join(v) for v in rows])}
        return {**out, **numbers(np.concatenate(rows) if rows else np.zeros(0), col.null)}
    out["shape"] = list(values.shape[1:])
    if values.dtype.kind in "SU":
        return {**out, **texts(values)}
    null = col.null if values.dtype.kind in "iu" else None
    return {**out, **numbers(values, null)}


def dump(path):
    out = []
    with fits.open(path) as hdus:
        for i, hdu in enumerate(hdus):
            entry = {"name": hdu.name.upper(), "cards": cards_of(hdu.header)}
            if isinstance(hdu, (fits.BinTableHDU, fits.TableHDU)):
                entry["nrows"] = int(hdu.header["NAXIS2"])
                entry["columns"] = [column(hdu, c) for c in hdu.columns]
            else:
                entry["image"] = image(path, i, hdu) if hdu.header["NAXIS"] else None
            out.append(entry)
    return out


def make_headers():
    header = fits.Header()
    header["TEXT"] = ("it's 'quoted'", "a comment with / in it")
    header["SLASH"] = ("a / b", "after")
    header["EMPTY"] = ""
    header["UNDEF"] = (None, "no value")
    header["YES"] = True
    header["NO"] = (False, "not")
    header["INTEGER"] = -42
    header["BIG"] = 2**63 - 1
    header["SMALL"] = -(2**70)
    header["FLOAT"] = (1.2345678901234567e-300, "cm-2 s-1")
    header["TENTH"] = 0.1
    header["LONG"] = ("It's long: " + "0123456789 'abc' & " * 15, "its comment")
    header["AMP"] = "ends with &"
    header["HIERARCH ESO DET lower Case"] = (3.5, "hierarch")
    header["HIERARCH A very long keyword here"] = "text"
    header.add_comment("a comment " * 12)
    header.add_history("one line")
    header.add_blank("blank keyword")
    header.append(fits.Card.fromstring("DEXP    = 1.5D-10 / D exponent, free format"))
    header.append(fits.Card.fromstring("FREE    =      'free   '  / free format"))
    header.append(fits.Card.fromstring("PLUS    = +7."))
    header.append(fits.Card.fromstring("DATE-OBS= '2004-12-04T22:08:08'"))
    return fits.HDUList([fits.PrimaryHDU(header=header)])


def make_images():
    hdus = [fits.PrimaryHDU(np.arange(24, dtype="u1").reshape(2, 3, 4))]
    for dtype in ("i1", "i2", "u2", "i4", "u4", "i8", "u8", "f4", "f8"):
        if dtype[0] == "f":
            data = np.array([[0.1, -1e-30, np.nan], [np.inf, -np.inf, -0.0]], dtype)
        else:
            info = np.iinfo(dtype)
            data = np.array([[info.min, info.min + 1, 0], [1, info.max - 1, info.max]], dtype)
        hdus.append(fits.ImageHDU(data, name=f"IMAGE_{dtype}"))
    for bitpix, dtype in ((8, "u1"), (16, "i2"), (32, "i4"), (-32, "f4")):
        hdu = fits.ImageHDU(np.arange(5, dtype=dtype), name=f"SCALED_{dtype}")
        hdus.append(hdu)
    hdus.append(fits.ImageHDU(np.array([1, -9, 3], "i2"), name="BLANKS"))
    hdus.append(fits.ImageHDU(name="NOTHING"))
    columns = [
        fits.Column("si", "I", array=np.array([1, 2, -3], "i2")),
        fits.Column("se", "E", array=np.array([1, 2, -3], "f4")),
    ]
    hdus.append(fits.BinTableHDU.from_columns(columns, name="SCALED_COLUMNS"))
    return fits.HDUList(hdus)


def scale_images(path):
    """BSCALE, BZERO and BLANK as plain cards, which astropy would remove."""
    raw = bytearray(path.read_bytes())
    for name, cards in {
        **{f"SCALED_{d}": ("BSCALE  =                 0.25", "BZERO   =                 -3.5") for d in ("U1", "I2", "I4", "F4")},
        "BLANKS": ("BLANK   =                   -9",),
        "SCALED_COLUMNS": [f"T{k}{i}  = {v:20}" for i in range(1, 3) for k, v in (("SCAL", 0.25), ("ZERO", -3.5))],
    }.items():
        end = raw.index(b"END".ljust(80), raw.index(f"'{name}".encode()))
        for i, card in enumerate((*cards, "END")):
            raw[end + 80 * i : end + 80 * (i + 1)] = card.ljust(80).encode()
    path.write_bytes(raw)


def objects(rows, dtype):
    out = np.empty(len(rows), dtype=object)
    out[:] = [np.array(r, dtype=dtype) for r in rows]
    return out


def make_tables():
    n = 3
    rng = np.random.default_rng(0)
    c = lambda name, form, array, **k: fits.Column(name, form, array=array, **k)
    scalars = [
        c("l", "L", [True, False, True]),
        c("b", "B", np.array([0, 1, 255], "u1"), unit="ct"),
        c("sb", "B", np.array([-128, 0, 127], "i1"), bzero=-128),
        c("i", "I", np.array([-(2**15), 0, 2**15 - 1], "i2"), disp="I6"),
        c("ui", "I", np.array([0, 1, 2**16 - 1], "u2"), bzero=2**15),
        c("j", "J", np.array([-(2**31), 0, 2**31 - 1], "i4")),
        c("uj", "J", np.array([0, 1, 2**32 - 1], "u4"), bzero=2**31),
        c("k", "K", np.array([-(2**63), 2**53 + 1, 2**63 - 1], "i8")),
        c("uk", "K", np.array([0, 2**53 + 1, 2**64 - 1], "u8"), bzero=2**63),
        c("e", "E", np.array([0.1, np.nan, -np.inf], "f4"), unit="cm-2 s-1 TeV-1"),
        c("d", "D", np.array([0.1, 5e-324, -0.0]), unit="TeV"),
        c("c", "C", np.array([1 + 2j, -3j, 0.1], "c8")),
        c("m", "M", np.array([1 + 2j, -3j, 0.1])),
        c("a", "12A", ["plain", " leading", "twelve chars"]),
        c("inull", "J", np.array([5, -99, 7], "i4"), null=-99),
        c("knull", "K", np.array([5, -99, 2**60], "i8"), null=-99),
    ]
    vectors = [
        c("x", "11X", rng.random((n, 11)) > 0.5),
        c("x1", "1X", rng.random((n, 1)) > 0.5),
        c("lv", "4L", rng.random((n, 4)) > 0.5),
        c("iv", "5I", rng.integers(-9, 9, (n, 5)).astype("i2")),
        c("em", "24E", rng.random((n, 2, 3, 4)).astype("f4"), dim="(4,3,2)"),
        c("one", "D", rng.random((n, 1)), dim="(1)"),
        c("cv", "2C", (rng.random((n, 2)) + 1j).astype("c8")),
        c("av", "20A", np.array([["ab", "cde", "f", ""], ["x", "yyyyy", "z", "w"], ["", "", "", "q"]]), dim="(5,4)"),
        c("empty", "0D", np.zeros((n, 0))),
        c("last", "B", np.arange(3, dtype="u1")),
    ]
    variable = [
        c(f"{p}{letter.lower()}", f"{p}{letter}()", objects(rows, dtype))
        for p in "PQ"
        for letter, dtype, rows in (
            ("L", "?", [[1, 0], [], [1]]),
            ("B", "u1", [[1], [2, 255], []]),
            ("I", "i2", [[1, -2, 3], [], [4]]),
            ("J", "i4", [[], [-(2**31)], [7, 8]]),
            ("K", "i8", [[2**60], [], [1, 2]]),
            ("E", "f4", [[0.1], [], [1, 2, 3]]),
            ("D", "f8", [[0.1], [np.nan], [1, 2, 3]]),
            ("C", "c8", [[1 + 2j], [], [3]]),
            ("M", "c16", [[1 + 2j], [], [3, 4j]]),
        )
    ]
    text = np.empty(3, dtype=object)
    text[:] = ["one", "", "seventeen"]
    variable.append(c("pa", "PA()", text))
    ascii_columns = [
        fits.Column("name", "A8", array=["one", "two", ""], ascii=True),
        fits.Column("count", "I6", array=np.array([1, -20, 300]), ascii=True, unit="ct"),
        fits.Column("large", "I20", array=np.array([2**62, -1, 0]), ascii=True),
        fits.Column("flux", "E25.17", array=np.array([1e-12, -2.5, 0]), ascii=True),
        fits.Column("fix", "F10.3", array=np.array([1.25, -2.5, 0]), ascii=True),
        fits.Column("dbl", "D25.17", array=np.array([1e-200, -2.5, 0.1]), ascii=True),
    ]
    tables = [fits.BinTableHDU.from_columns(cols, name=name) for cols, name in (
        (scalars, "SCALARS"), (vectors, "VECTORS"), (variable, "VARIABLE"))]
    none = [c("l", "L", np.zeros(0, bool)), c("v", "3E", np.zeros((0, 3), "f4")), c("a", "4A", np.zeros(0, "S4"))]
    tables.append(fits.BinTableHDU.from_columns(none, name="NO ROWS"))
    tables[0].header["TLMIN2"] = 1
    return fits.HDUList([fits.PrimaryHDU(), *tables, fits.TableHDU.from_columns(ascii_columns, name="ASCII")])


def make(folder):
    folder = Path(folder)
    paths = []
    for name, hdus in (("headers", make_headers()), ("images", make_images()), ("tables", make_tables())):
        path = folder / f"{name}.fits"
        hdus.writeto(path, overwrite=True, checksum=name != "images")
        paths.append(path)
    scale_images(folder / "images.fits")
    return paths


if __name__ == "__main__":
    command, *arguments = sys.argv[1:]
    if command == "dump":
        print(json.dumps({path: dump(path) for path in arguments}))
    elif command == "make":
        make(arguments[0])
    else:
        with tempfile.TemporaryDirectory() as folder:
            out = {
                path.stem: {
                    "gzip": base64.b64encode(gzip.compress(path.read_bytes(), 9, mtime=0)).decode(),
                    "hdus": dump(path),
                }
                for path in make(folder)
            }
        print(json.dumps(out, indent=0))
