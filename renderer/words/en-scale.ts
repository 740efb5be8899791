/**
 * English sentences of weighing, the pole display and the drawer. Rule kept: each says what is wrong and the one
 * next thing to do; Hindi stands in hi-scale.ts under the same keys.
 */
export const enScale = {
  scaleMoving: 'Wait, the pan is moving: {{weight}} kg',
  scaleMovingBlank: 'Wait, the pan is moving',
  scaleNothing: 'Put the goods on the scale, or type the weight.',
  scaleMinus: 'The scale is below zero. Empty the pan and press its zero key, or type the weight.',
  scaleTooMuch: 'Too heavy for the scale. Weigh in two parts, or type the weight.',
  scaleTooLittle: 'The pan of the scale is not in place. Set it right, or type the weight.',
  scaleGone: 'The scale does not answer. Type the weight.',
  scaleTaken: '{{weight}} kg was taken for {{name}} already. Enter: take it for this too.',
  scaleTakes: 'Enter takes {{weight}} kg',
  scaleTare: 'Tare {{weight}} kg',
  scaleTopMoving: 'Scale {{weight}} kg …',
  scaleTopGone: 'Scale does not answer',
  scaleTopOver: 'Scale: too heavy',
  scaleTopMinus: 'Scale: below zero',
  scaleKeyTare: 'box off (tare)',
  scaleKeyZero: 'zero',
  scaleTareDone: 'Weighing without the box now.',
  eScaleNotSet: 'No scale is set. Type the weight.',
  eScaleTrouble: 'The scale does not answer. Type the weight, or see F12, Devices.',
  eScaleUnstable: 'The pan is still moving. Keep it still, or type the weight.',
  eScaleCannotZero: 'This scale is set to zero by its own key.',
  ePatternSyntax: 'The pattern can’t be read: {{detail}}. Start from “suggest a pattern”.',
  ePatternNoWeight: 'The pattern has no part named weight. Write (?<weight>…) around the number.',
  ePatternTooLong: 'The pattern is too long. 400 signs at most.',
  ePatternTooSlow: 'The pattern takes too long on some texts. Take out a + or * inside another.',
  ePoleNotSet: 'No pole display is set.',
} as const;
