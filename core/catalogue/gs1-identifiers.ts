/**
 * GS1 Application Identifiers: which exist and what shape their values have. Rule kept: shapes only (length,
 * digits or text, check digit, date), in a notation of this file; which AI may stand beside which is not
 * judged, a till must take what is printed. Source: GS1 General Specifications §3.2, facts only.
 *
 * Notation: n6 six digits · n..8 one to eight digits · x..20 text · letters after it: c check digit,
 * d date YYMMDD whose day may be 00, D date with a day · [ ] may be absent · `3100-3105` a range.
 */
export type Gs1Part = {
  readonly digits: boolean;
  readonly min: number;
  readonly max: number;
  readonly check: 'digit' | 'date' | 'fullDate' | null;
};
export type Gs1Shape = {
  readonly ai: string;
  readonly parts: readonly Gs1Part[];
  readonly min: number;
  readonly max: number;
  /** Its length is known beforehand, so no separator need follow (General Specifications, figure 7.8.5-2). */
  readonly predefined: boolean;
};

const table = `
00 n18c; 01 02 03 n14c; 10 21 22 243 254 x..20; 11 12 13 15 16 17 n6d; 20 n2; 235 x..28; 240 241 250 251 x..30;
242 n..6; 253 n13c [x..17]; 255 n13c [n..12]; 30 37 n..8;
3100-3105 3110-3115 3120-3125 3130-3135 3140-3145 3150-3155 3160-3165 n6;
3200-3205 3210-3215 3220-3225 3230-3235 3240-3245 3250-3255 3260-3265 3270-3275 3280-3285 3290-3295 n6;
3300-3305 3310-3315 3320-3325 3330-3335 3340-3345 3350-3355 3360-3365 3370-3375 n6;
3400-3405 3410-3415 3420-3425 3430-3435 3440-3445 3450-3455 3460-3465 3470-3475 3480-3485 3490-3495 n6;
3500-3505 3510-3515 3520-3525 3530-3535 3540-3545 3550-3555 3560-3565 3570-3575 n6;
3600-3605 3610-3615 3620-3625 3630-3635 3640-3645 3650-3655 3660-3665 3670-3675 3680-3685 3690-3695 n6;
3900-3909 3920-3929 n..15; 3910-3919 3930-3939 n3 n..15; 3940-3943 n4; 3950-3955 n6;
400 401 403 x..30; 402 n17c; 410-417 n13c; 420 x..20; 421 n3 x..9; 422 424 426 n3;
423 425 n3 [n3] [n3] [n3] [n3]; 427 x..3;
4300 4301 4310 4311 4320 x..35; 4302-4306 4312-4316 x..70; 4307 4317 x2; 4308 4319 x..30; 4318 x..20; 4309 n20;
4321-4323 n1; 4324 4325 n6d n4; 4326 n6D; 4330-4333 n6 [x1];
7001 n13; 7002 7023 x..30; 7003 n6D n4; 7004 n..4; 7005 x..12; 7006 n6D; 7007 n6D [n6D]; 7008 x..3; 7009 x..10;
7010 x..2; 7011 n6D [n4]; 7020-7022 x..20; 7030-7039 n3 x..27; 7040 n1 x3; 7041 x..4; 710-717 x..20;
7230-7239 x2 x..28; 7240 x..20; 7241 n2; 7242 x..25; 7250 n8; 7251 n12; 7252 n1; 7253 7254 7259 x..40; 7255 x..10;
7256 x..90; 7257 x..70; 7258 x3;
8001 n14; 8002 8012 x..20; 8003 n14c [x..16]; 8004 8010 x..30; 8005 n6; 8006 8026 n14c n4; 8007 x..34;
8008 n6D n2 [n2] [n2]; 8009 x..50; 8011 n..12; 8013 8014 8020 x..25; 8017 8018 n18c; 8019 n..10; 8030 x..90;
8040 8041 n15; 8042 n32; 8043 n18 [n..2]; 8110 8112 8200 x..70; 8111 n4; 90 x..30; 91-99 x..90
`;

function partOf(text: string): Gs1Part {
  const match = /^\[?([nx])(\.\.)?(\d+)([cdD]?)\]?$/.exec(text);
  if (!match) throw new Error(`AI table: ${text}`);
  const max = Number(match[3]);
  return {
    digits: match[1] === 'n',
    min: text.startsWith('[') ? 0 : match[2] ? 1 : max,
    max,
    check: match[4] === 'c' ? 'digit' : match[4] === 'd' ? 'date' : match[4] === 'D' ? 'fullDate' : null,
  };
}

function readTable(): ReadonlyMap<string, Gs1Shape> {
  const shapes = new Map<string, Gs1Shape>();
  for (const row of table.replace(/\n/g, ' ').split(';')) {
    const words = row.trim().split(/\s+/);
    const parts = words.filter((w) => /[nx]/.test(w)).map(partOf);
    for (const word of words.filter((w) => !/[nx]/.test(w))) {
      const [from = '', to = from] = word.split('-');
      for (let ai = Number(from); ai <= Number(to); ai += 1) {
        const name = String(ai).padStart(from.length, '0');
        shapes.set(name, {
          ai: name,
          parts,
          min: parts.reduce((sum, part) => sum + part.min, 0),
          max: parts.reduce((sum, part) => sum + part.max, 0),
          predefined: /^(0[0-4]|1[1-9]|20|3[1-6]|41)/.test(name),
        });
      }
    }
  }
  return shapes;
}

export const gs1Shapes = readTable();

/** The AI that `text` begins with; AIs are 2 to 4 digits and none begins another. */
export function identifierAt(text: string, at: number): Gs1Shape | null {
  for (let length = 2; length <= 4; length += 1) {
    const shape = gs1Shapes.get(text.slice(at, at + length));
    if (shape !== undefined) return shape;
  }
  return null;
}
