/**
 * Where the sun and the moon stand, and when the sun rises and sets in the middle of India. Rule kept: arithmetic only;
 * a time is days since 1970-01-01 00:00 UTC as a number, an angle is degrees.
 *
 * Meeus, "Astronomical Algorithms", 2nd ed.: ch. 25 (sun, 0.01°), ch. 47 (moon, tables 47.A and 47.B), ch. 15 (rising
 * and setting), ch. 22 (nutation, short form); ΔT: Espenak & Meeus 2006. Ayanamsa: Lahiri, as the Calendar Reform
 * Committee of 1955 fixed it. Place: 23°11′ N, 82°30′ E, the Rashtriya Panchang's.
 */

const radians = Math.PI / 180;
const sin = (degrees: number): number => Math.sin(degrees * radians);
const cos = (degrees: number): number => Math.cos(degrees * radians);
/** 0 … 360. */
export const turn = (degrees: number): number => ((degrees % 360) + 360) % 360;

export const place = { latitude: 23.183, longitude: 82.5 } as const;
const j2000 = 10957.5;

/** Julian centuries of dynamical time since J2000; ΔT of 2005–2050, and near enough from 1990 on. */
function centuries(time: number): number {
  const years = (time - j2000) / 365.25;
  const deltaT = 62.92 + 0.32217 * years + 0.005589 * years * years;
  return (time + deltaT / 86_400 - j2000) / 36_525;
}

const nodeOf = (t: number): number => 125.04452 - 1934.136261 * t;
const nutation = (t: number): number =>
  (-17.2 * sin(nodeOf(t)) -
    1.32 * sin(2 * (280.4665 + 36_000.7698 * t)) -
    0.23 * sin(2 * (218.3165 + 481_267.8813 * t)) +
    0.21 * sin(2 * nodeOf(t))) /
  3600;
const obliquity = (t: number): number => 23.439291 - 0.0130042 * t + (9.2 * cos(nodeOf(t))) / 3600;

/** Apparent geocentric longitude. */
export function sunLongitude(time: number): number {
  const t = centuries(time);
  const mean = 280.46646 + 36_000.76983 * t + 0.0003032 * t * t;
  const anomaly = 357.52911 + 35_999.05029 * t - 0.0001537 * t * t;
  const centre =
    (1.914602 - 0.004817 * t - 0.000014 * t * t) * sin(anomaly) +
    (0.019993 - 0.000101 * t) * sin(2 * anomaly) +
    0.000289 * sin(3 * anomaly);
  return turn(mean + centre - 0.00569 + nutation(t));
}

/** D, M, M′, F and the coefficient of the sine, 10⁻⁶ degrees; terms down to 0.0003°. */
const longitudeTerms: readonly (readonly [number, number, number, number, number])[] = [
  [0, 0, 1, 0, 6288774],
  [2, 0, -1, 0, 1274027],
  [2, 0, 0, 0, 658314],
  [0, 0, 2, 0, 213618],
  [0, 1, 0, 0, -185116],
  [0, 0, 0, 2, -114332],
  [2, 0, -2, 0, 58793],
  [2, -1, -1, 0, 57066],
  [2, 0, 1, 0, 53322],
  [2, -1, 0, 0, 45758],
  [0, 1, -1, 0, -40923],
  [1, 0, 0, 0, -34720],
  [0, 1, 1, 0, -30383],
  [2, 0, 0, -2, 15327],
  [0, 0, 1, 2, -12528],
  [0, 0, 1, -2, 10980],
  [4, 0, -1, 0, 10675],
  [0, 0, 3, 0, 10034],
  [4, 0, -2, 0, 8548],
  [2, 1, -1, 0, -7888],
  [2, 1, 0, 0, -6766],
  [1, 0, -1, 0, -5163],
  [1, 1, 0, 0, 4987],
  [2, -1, 1, 0, 4036],
  [2, 0, 2, 0, 3994],
  [4, 0, 0, 0, 3861],
  [2, 0, -3, 0, 3665],
  [0, 1, -2, 0, -2689],
  [2, 0, -1, 2, -2602],
  [2, -1, -2, 0, 2390],
  [1, 0, 1, 0, -2348],
  [2, -2, 0, 0, 2236],
  [0, 1, 2, 0, -2120],
  [0, 2, 0, 0, -2069],
  [2, -2, -1, 0, 2048],
  [2, 0, 1, -2, -1773],
  [2, 0, 0, 2, -1595],
  [4, -1, -1, 0, 1215],
  [0, 0, 2, 2, -1110],
  [3, 0, -1, 0, -892],
  [2, 1, 1, 0, -810],
  [4, -1, -2, 0, 759],
  [0, 2, -1, 0, -713],
  [2, 2, -1, 0, -700],
  [2, 1, -2, 0, 691],
  [2, -1, 0, -2, 596],
  [4, 0, 1, 0, 549],
  [0, 0, 4, 0, 537],
  [4, -1, 0, 0, 520],
  [1, 0, -2, 0, -487],
  [2, 1, 0, -2, -399],
  [0, 0, 2, -2, -381],
  [1, 1, 1, 0, 351],
  [3, 0, -2, 0, -340],
  [4, 0, -3, 0, 330],
];
const latitudeTerms: readonly (readonly [number, number, number, number, number])[] = [
  [0, 0, 0, 1, 5128122],
  [0, 0, 1, 1, 280602],
  [0, 0, 1, -1, 277693],
  [2, 0, 0, -1, 173237],
  [2, 0, -1, 1, 55413],
  [2, 0, -1, -1, 46271],
  [2, 0, 0, 1, 32573],
  [0, 0, 2, 1, 17198],
  [2, 0, 1, -1, 9266],
  [0, 0, 2, -1, 8822],
  [2, -1, 0, -1, 8216],
  [2, 0, -2, -1, 4324],
  [2, 0, 1, 1, 4200],
];

type MoonAngles = {
  readonly mean: number;
  readonly d: number;
  readonly m: number;
  readonly m1: number;
  readonly f: number;
};
const moonAngles = (t: number): MoonAngles => ({
  mean: 218.3164477 + 481_267.88123421 * t - 0.0015786 * t * t,
  d: 297.8501921 + 445_267.1114034 * t - 0.0018819 * t * t,
  m: 357.5291092 + 35_999.0502909 * t - 0.0001536 * t * t,
  m1: 134.9633964 + 477_198.8675055 * t + 0.0087414 * t * t,
  f: 93.272095 + 483_202.0175233 * t - 0.0036539 * t * t,
});

function sumOf(terms: typeof longitudeTerms, { d, m, m1, f }: MoonAngles, t: number): number {
  const eccentricity = 1 - 0.002516 * t - 0.0000074 * t * t;
  let sum = 0;
  for (const [kd, km, km1, kf, coefficient] of terms) {
    sum += coefficient * eccentricity ** Math.abs(km) * sin(kd * d + km * m + km1 * m1 + kf * f);
  }
  return sum;
}

/** Apparent geocentric longitude, to about 0.001°. */
export function moonLongitude(time: number): number {
  const t = centuries(time);
  const angles = moonAngles(t);
  const planets =
    3958 * sin(119.75 + 131.849 * t) + 1962 * sin(angles.mean - angles.f) + 318 * sin(53.09 + 479_264.29 * t);
  return turn(angles.mean + (sumOf(longitudeTerms, angles, t) + planets) / 1e6 + nutation(t));
}

/** Degrees north of the ecliptic, to about 0.01°. */
function moonLatitude(time: number): number {
  const t = centuries(time);
  return sumOf(latitudeTerms, moonAngles(t), t) / 1e6;
}

/** How far the moon is ahead of the sun, 0 … 360; 12° are a tithi (Surya Siddhanta ii. 66). */
export const elongation = (time: number): number => turn(moonLongitude(time) - sunLongitude(time));

/** Degrees that the spring point lay behind the fixed stars' zero. */
export const ayanamsa = (time: number): number => 23.85306 + (1.39697 * (time - j2000)) / 36_525;

export const siderealSun = (time: number): number => turn(sunLongitude(time) - ayanamsa(time));
export const siderealMoon = (time: number): number => turn(moonLongitude(time) - ayanamsa(time));

type Equatorial = { readonly ascension: number; readonly declination: number };
function equatorial(longitude: number, latitude: number, time: number): Equatorial {
  const tilt = obliquity(centuries(time));
  const y = sin(longitude) * cos(tilt) - Math.tan(latitude * radians) * sin(tilt);
  return {
    ascension: turn(Math.atan2(y, cos(longitude)) / radians),
    declination: Math.asin(sin(latitude) * cos(tilt) + cos(latitude) * sin(tilt) * sin(longitude)) / radians,
  };
}

const siderealTime = (time: number): number => turn(280.46061837 + 360.98564736629 * (time - j2000));

function altitudeOf({ ascension, declination }: Equatorial, time: number): number {
  const hourAngle = siderealTime(time) + place.longitude - ascension;
  const height = sin(place.latitude) * sin(declination) + cos(place.latitude) * cos(declination) * cos(hourAngle);
  return Math.asin(height) / radians;
}

/** Time at which the sun's upper edge is at the horizon on an Indian day (days since 1970, at the place). */
function sunAtHorizon(day: number, side: -1 | 1): number {
  let time = day + 0.5 - place.longitude / 360 + side * 0.25;
  for (let round = 0; round < 4; round += 1) {
    const { ascension, declination } = equatorial(sunLongitude(time), 0, time);
    const cosine = (sin(-0.8333) - sin(place.latitude) * sin(declination)) / (cos(place.latitude) * cos(declination));
    const wanted = side * (Math.acos(Math.max(-1, Math.min(1, cosine))) / radians);
    let off = turn(siderealTime(time) + place.longitude - ascension) - turn(wanted);
    if (off > 180) off -= 360;
    if (off < -180) off += 360;
    time -= off / 360.98564736629;
  }
  return time;
}
export const sunrise = (day: number): number => sunAtHorizon(day, -1);
export const sunset = (day: number): number => sunAtHorizon(day, 1);

/** How the moon stands at a moment: degrees above the horizon (seen from the surface) and away from the sun. */
export function moonAt(time: number): { readonly altitude: number; readonly arc: number } {
  const [longitude, latitude] = [moonLongitude(time), moonLatitude(time)];
  const altitude = altitudeOf(equatorial(longitude, latitude, time), time);
  const arc = Math.acos(cos(latitude) * cos(longitude - sunLongitude(time))) / radians;
  return { altitude: altitude - 0.95 * cos(altitude), arc };
}

/** The moment near `time` at which an angle that grows by about `perDay` degrees a day is `wanted`. */
export function whenAt(angle: (time: number) => number, wanted: number, near: number, perDay: number): number {
  let time = near;
  for (let round = 0; round < 12; round += 1) {
    let off = turn(angle(time) - wanted);
    if (off > 180) off -= 360;
    time -= off / perDay;
    if (Math.abs(off) < 1e-7) break;
  }
  return time;
}
