import type { RemoteFile } from "./download.js";

/**
 * The files of the joint Crab analysis as the Gammapy project releases them with version 2.0 (the last release that has
 * all of them at these paths). Licence of the data: CC BY-NC-SA 4.0.
 */
export const CRAB_DATA_URL = "https://raw.githubusercontent.com/gammapy/gammapy-data/v2.0/";
/** Owner and licence of the data of the Crab analysis. */
export const CRAB_DATA_LICENCE =
  "Gammapy data (C) 2020 by Gammapy Coordination Committee, CC BY-NC-SA 4.0, https://creativecommons.org/licenses/by-nc-sa/4.0/";

/** Paths below $GAMMAPY_DATA, sizes in bytes. */
export const crabDataFiles: readonly RemoteFile[] = [
  {
    path: "fermi-3fhl-crab/Fermi-LAT-3FHL_data_Fermi-LAT.fits",
    size: 639360,
    sha256: "cd05a430195cd2d37ad3abbbaed1580c3bcc81d5693b5e0b097caed2bd0ca7f6",
  },
  {
    path: "fermi-3fhl-crab/Fermi-LAT-3FHL_datasets.yaml",
    size: 94,
    sha256: "8958a4daf7a851ed3e965cda1244a57157277d5c701e60f535be9efe0c407229",
  },
  {
    path: "fermi-3fhl-crab/Fermi-LAT-3FHL_iem.fits",
    size: 164160,
    sha256: "8793940398b4003afcf62bc907c41ed01b2503521d5ef74adc09b98ac03c03fc",
  },
  {
    path: "fermi-3fhl-crab/Fermi-LAT-3FHL_models.yaml",
    size: 1993,
    sha256: "2efd5496d114ff810e1ff90407ebcd92bb7487631079387a1f64c2f525cd342e",
  },
  {
    path: "joint-crab/spectra/hess/arf_obs23523.fits",
    size: 8640,
    sha256: "9b620b7b5cd909ac57a6aec0ccf0e5335dfa34589e8b41cc34998ddeab01f7af",
  },
  {
    path: "joint-crab/spectra/hess/arf_obs23526.fits",
    size: 8640,
    sha256: "4d0a1471b395fe6449d1c8042da1fc117b5d10cab26c58f9004b816f1943eb65",
  },
  {
    path: "joint-crab/spectra/hess/arf_obs23559.fits",
    size: 8640,
    sha256: "9bc06bed47268b07c22879221a20222e668bd753c522afb2e6c40040791ae8f2",
  },
  {
    path: "joint-crab/spectra/hess/arf_obs23592.fits",
    size: 8640,
    sha256: "61d5c910498681e6846e595232d33ad7b326b490cb2684abf328cd42676fd02a",
  },
  {
    path: "joint-crab/spectra/hess/bkg_obs23523.fits",
    size: 14400,
    sha256: "31e1f56571bc8144a3b7f17647a538c058d924a0e528ba37a60141b0e657f246",
  },
  {
    path: "joint-crab/spectra/hess/bkg_obs23526.fits",
    size: 14400,
    sha256: "ded90b4d3c5d0ac5759f784238602a41c790af31e86859c7f095d190e79cb15e",
  },
  {
    path: "joint-crab/spectra/hess/bkg_obs23559.fits",
    size: 14400,
    sha256: "8b2f915c15b8a07126efc5c87f7980e29b7d7e3b832ab712a053541b91d42233",
  },
  {
    path: "joint-crab/spectra/hess/bkg_obs23592.fits",
    size: 14400,
    sha256: "f617c8744879768c8184ac7f8ec3f35bda9c1af793ff930061d83b1925d2eb34",
  },
  {
    path: "joint-crab/spectra/hess/pha_obs23523.fits",
    size: 17280,
    sha256: "da6ab07ce7e2dfbe76fe59948eee067646a7ea47f769595ee2650a1361d6e64a",
  },
  {
    path: "joint-crab/spectra/hess/pha_obs23526.fits",
    size: 17280,
    sha256: "7f5573778b2583c2695c26afe7261804d341fcfef4c5d8aedefca4051c3d579f",
  },
  {
    path: "joint-crab/spectra/hess/pha_obs23559.fits",
    size: 17280,
    sha256: "b8518facc069249a7945283d7ece3c94bb37fc7f99b98200806a802cbd67fb89",
  },
  {
    path: "joint-crab/spectra/hess/pha_obs23592.fits",
    size: 17280,
    sha256: "93eef16e26888d82e0d2ea3e1a9ad0b7529feb4802607080cdaa1558dcdfa8d6",
  },
  {
    path: "joint-crab/spectra/hess/rmf_obs23523.fits",
    size: 20160,
    sha256: "422239684d1d37e3a5620d89204a838b34db97cc1befc75737bc678701133a62",
  },
  {
    path: "joint-crab/spectra/hess/rmf_obs23526.fits",
    size: 20160,
    sha256: "7bc34f4f203edb53f25c0ebab67ff13daecd0effbc5e424538822325e1ce8ac5",
  },
  {
    path: "joint-crab/spectra/hess/rmf_obs23559.fits",
    size: 20160,
    sha256: "9d0dad5733f9d930ea744d57b7d3f621537e69508ca836132d799eda83117232",
  },
  {
    path: "joint-crab/spectra/hess/rmf_obs23592.fits",
    size: 20160,
    sha256: "acc9202e5ee83a4435ec1ae0b2fae96fcf2c4d32a77e76897d95f2f99a8b35f4",
  },
  {
    path: "hawc_crab/HAWC19_flux_points.fits",
    size: 8640,
    sha256: "a29c4b062afc6e4c96406ce88678db06343fa50b66e9fb9da168f6d5580a2359",
  },
];
