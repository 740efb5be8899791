/**
 * Hindi sentences of weighing, the pole display and the drawer: as a shopkeeper says them. Rule kept: the same keys
 * as en-scale.ts, checked by type; digits stay 0–9.
 */
import type { enScale } from './en-scale.ts';

export const hiScale: Readonly<Record<keyof typeof enScale, string>> = {
  scaleMoving: 'रुकिए, काँटा हिल रहा है: {{weight}} किलो',
  scaleMovingBlank: 'रुकिए, काँटा हिल रहा है',
  scaleNothing: 'सामान काँटे पर रखें, या वज़न लिखें।',
  scaleMinus: 'काँटा शून्य से नीचे है। पलड़ा ख़ाली करके उसका ज़ीरो बटन दबाएँ, या वज़न लिखें।',
  scaleTooMuch: 'काँटे के लिए बहुत भारी। दो बार में तौलें, या वज़न लिखें।',
  scaleTooLittle: 'काँटे का पलड़ा जगह पर नहीं है। ठीक करें, या वज़न लिखें।',
  scaleGone: 'काँटा जवाब नहीं दे रहा। वज़न लिखें।',
  scaleTaken: '{{weight}} किलो पहले ही {{name}} में लिया गया है। Enter: इसमें भी लें।',
  scaleTakes: 'Enter से {{weight}} किलो लें',
  scaleTare: 'डिब्बा {{weight}} किलो',
  scaleTopMoving: 'काँटा {{weight}} किलो …',
  scaleTopGone: 'काँटा जवाब नहीं दे रहा',
  scaleTopOver: 'काँटा: बहुत भारी',
  scaleTopMinus: 'काँटा: शून्य से नीचे',
  scaleKeyTare: 'डिब्बा घटाएँ',
  scaleKeyZero: 'शून्य',
  scaleTareDone: 'अब डिब्बे के बिना वज़न।',
  eScaleNotSet: 'काँटा नहीं लगा है। वज़न लिखें।',
  eScaleTrouble: 'काँटा जवाब नहीं दे रहा। वज़न लिखें, या F12, डिवाइस देखें।',
  eScaleUnstable: 'काँटा अभी हिल रहा है। स्थिर रखें, या वज़न लिखें।',
  eScaleCannotZero: 'यह काँटा अपने ही बटन से शून्य होता है।',
  ePatternSyntax: 'पैटर्न पढ़ा नहीं गया: {{detail}}। “पैटर्न सुझाएँ” से शुरू करें।',
  ePatternNoWeight: 'पैटर्न में weight नाम का हिस्सा नहीं है। अंक के चारों ओर (?<weight>…) लिखें।',
  ePatternTooLong: 'पैटर्न बहुत लंबा है। 400 अक्षर तक।',
  ePatternTooSlow: 'पैटर्न कुछ लिखावट पर बहुत देर लेता है। एक के अंदर दूसरा + या * हटाएँ।',
  ePoleNotSet: 'पोल डिस्प्ले नहीं लगा है।',
};
