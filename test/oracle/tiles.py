"""Oracle of tile-compressed images: astropy 8.0.2 (its compression is cfitsio's), numpy 2.x.

python tiles.py          prints test/oracle/tiles.json: small files (gzip, base64) and the SHA-256 of what astropy reads from them
python tiles.py dump F   prints what astropy reads from the files F: SHA-256 of the pixels of each image
"""

import base64
import gzip
import hashlib
import io
import json
import sys
import warnings

import numpy as np
from astropy.io import fits

warnings.simplefilter("ignore")


def summary(values):
    flat = np.ascontiguousarray(values).astype("<f8").ravel()
    flat[np.isnan(flat)] = np.nan
    return {"shape": list(values.shape), "sha": hashlib.sha256(flat.tobytes()).hexdigest()}


def images(source):
    with fits.open(source) as hdus:
        return [summary(h.data) for h in hdus if h.data is not None and h.is_image]


rng = np.random.default_rng(20261130)


def smooth(shape, scale):
    grids = np.meshgrid(*[np.linspace(0, 3, n) for n in shape], indexing="ij")
    return scale * sum(np.sin(g + i) for i, g in enumerate(grids)) + scale / 20 * rng.normal(size=shape)


def cases():
    small = (23, 37)
    integers = {
        "u1": rng.integers(0, 256, small).astype("u1"),
        "i2": smooth(small, 3000).astype("i2"),
        "u2": (20000 + smooth(small, 9000)).astype("u2"),
        "i4": smooth(small, 4e8).astype("i4"),
        "u4": (2**31 + smooth(small, 4e8)).astype("u4"),
        "counts": rng.poisson(0.2, small).astype("i4"),
        "extremes": np.array([[-(2**31), 2**31 - 1, 0, -1, 5] * 4] * 6, "i4"),
        "cube": rng.poisson(3, (3, 11, 14)).astype("i2"),
    }
    for name, data in integers.items():
        for algorithm in ("RICE_1", "GZIP_1", "GZIP_2", "HCOMPRESS_1", "NOCOMPRESS"):
            if algorithm == "HCOMPRESS_1" and name == "extremes":
                continue
            tile = (1, *data.shape[-2:]) if algorithm == "HCOMPRESS_1" and data.ndim == 3 else None
            if algorithm == "HCOMPRESS_1" and data.ndim == 2:
                tile = data.shape
            yield f"{algorithm} {name}", data, dict(compression_type=algorithm, tile_shape=tile)
        if name in ("i2", "cube"):
            tile = (5, 8) if data.ndim == 2 else (2, 4, 5)
            for algorithm in ("RICE_1", "GZIP_2"):
                yield f"{algorithm} {name} tiles", data, dict(compression_type=algorithm, tile_shape=tile)
    mask = (rng.random(small) > 0.6).astype("i2") * rng.integers(0, 5, small).astype("i2")
    yield "PLIO_1 mask", mask, dict(compression_type="PLIO_1")
    # long runs: cfitsio overruns its memory where large values change from pixel to pixel
    large = np.repeat(rng.integers(0, 2**23, (23, 1)), 37, axis=1).astype("i4")
    large[:, ::9] = 0
    yield "PLIO_1 large", large, dict(compression_type="PLIO_1", tile_shape=small)
    for scale, soft in ((0, 0), (1, 0), (4, 0), (4, 1), (16, 1)):
        for shape in (small, (32, 32), (5, 70)):
            yield (
                f"HCOMPRESS_1 {shape} scale {scale} smooth {soft}",
                smooth(shape, 3000).astype("i4"),
                dict(compression_type="HCOMPRESS_1", tile_shape=shape, hcomp_scale=scale, hcomp_smooth=soft),
            )
    for kind in ("f4", "f8"):
        data = smooth((13, 60), 7.5).astype(kind)
        data[4:8, 20:50] = 0
        holes = data.copy()
        holes[3, 5] = np.nan
        holes[9] = np.nan
        for algorithm in ("RICE_1", "GZIP_1", "GZIP_2"):
            for method, label in ((-1, "none"), (1, "dither 1"), (2, "dither 2")):
                if kind == "f8" and algorithm != "RICE_1":
                    continue
                options = dict(compression_type=algorithm, quantize_level=16, quantize_method=method, dither_seed=77)
                yield f"{algorithm} {kind} {label}", data, options
                yield f"{algorithm} {kind} {label} holes", holes, options
        for algorithm in ("GZIP_1", "GZIP_2"):
            yield f"{algorithm} {kind} lossless", holes, dict(compression_type=algorithm, quantize_level=0)
        yield f"HCOMPRESS_1 {kind}", data, dict(compression_type="HCOMPRESS_1", tile_shape=data.shape, quantize_level=16)
    # more pixels in one tile than random numbers in the table
    yield "RICE_1 long", smooth((110, 120), 2).astype("f4"), dict(tile_shape=(110, 120), quantize_method=1, dither_seed=9999)


def make(data, options):
    hdu = fits.CompImageHDU(data, name="SKY", **options)
    hdu.header["BUNIT"] = "cm2 s"
    hdu.header["CRVAL1"] = 83.63
    buffer = io.BytesIO()
    fits.HDUList([fits.PrimaryHDU(), hdu]).writeto(buffer, checksum=True)
    return buffer.getvalue()


if __name__ == "__main__":
    if sys.argv[1:2] == ["dump"]:
        print(json.dumps({path: images(path) for path in sys.argv[2:]}))
    else:
        out = {}
        for name, data, options in cases():
            content = make(data, options)
            out[name] = {
                "gzip": base64.b64encode(gzip.compress(content, 9, mtime=0)).decode(),
                "images": images(io.BytesIO(content)),
            }
        print(json.dumps(out, indent=0))
