"""Gammapy 2.1 with the right solid angles: call `correct()`.

Its second triangle takes the position angle of the lower side at the wrong end, which is another one near the poles: 9e-8 of a pixel of 0.02 deg at a latitude
of 60 deg, 2e-4 of one of 0.1 deg at 88.7 deg, half of a pixel beside a pole. In projections that keep areas (ZEA, SFL, CEA, ...) all pixels have the same.
"""
import astropy.units as u
import numpy as np
from gammapy.maps import WcsGeom


def solid_angle(self):
    image = self.to_image() if self.is_regular else self
    coord = image.get_coord(mode="edges").skycoord
    low_left, low_right, up_left, up_right = coord[..., :-1, :-1], coord[..., 1:, :-1], coord[..., :-1, 1:], coord[..., 1:, 1:]

    def triangle(corner, one, two):
        angle = corner.position_angle(one) - corner.position_angle(two)
        return 0.5 * np.abs(corner.separation(one).rad * corner.separation(two).rad * np.sin(angle.rad))

    value = u.Quantity(triangle(low_right, up_right, low_left) + triangle(up_left, up_right, low_left), "sr")
    return value.reshape(self.data_shape_image) if self.is_regular else value


def correct():
    WcsGeom._solid_angle = property(solid_angle)
