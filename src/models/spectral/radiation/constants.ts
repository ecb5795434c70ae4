/** CODATA 2018 in the units of the inside: TeV, cm, s. */
export const ELECTRON = 5.1099895e-7; // m_e c2, TeV
export const PROTON = 0.93827208816; // m_p c2, GeV
export const LIGHT = 2.99792458e10; // cm s-1
export const ERG_PER_TEV = 1.602176634;
export const KPC = 3.0856775814913673e21; // cm
export const ELECTRON_RADIUS = 2.8179403262e-13; // cm
export const FINE_STRUCTURE = 7.2973525693e-3;
/** Energy density of black-body radiation over T^4, eV cm-3 K-4. */
export const RADIATION = (4 * 5.670374419e-5) / LIGHT / 1.602176634e-12;
