/** A satellite in view: its number, where it stands in degrees, and how strong it is received in dB-Hz. */
interface Satellite {
  readonly number: number;
  readonly elevation: number;
  readonly azimuth: number;
  readonly strength: number;
}

/** What an antenna under an open sky receives. The sky of this module stands still. */
export const SATELLITES: readonly Satellite[] = [
  { number: 3, elevation: 62, azimuth: 114, strength: 41 },
  { number: 6, elevation: 45, azimuth: 288, strength: 38 },
  { number: 9, elevation: 31, azimuth: 201, strength: 36 },
  { number: 16, elevation: 74, azimuth: 35, strength: 44 },
  { number: 19, elevation: 18, azimuth: 322, strength: 29 },
  { number: 22, elevation: 53, azimuth: 167, strength: 40 },
  { number: 26, elevation: 12, azimuth: 78, strength: 27 },
  { number: 31, elevation: 27, azimuth: 249, strength: 33 },
];

/** Dilution of precision of a position that they give. */
export const DILUTION = { position: "1.6", horizontal: "0.9", vertical: "1.3" } as const;
