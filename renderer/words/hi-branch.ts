/** Hindi: what head office sends to this shop. Rule kept: the same keys as en-branch.ts. */
export const hiBranch = {
  eReturnTooLate: '{{date}} को बिका था; वापसी {{days}} दिन तक होती है। सुपरवाइज़र साइन इन करके अब भी ले सकते हैं।',
  eDiscountAboveLimit: 'आप {{percent}} % तक छूट दे सकते हैं। ज़्यादा सुपरवाइज़र दे सकते हैं।',
  ePinNotSet: 'यहाँ अभी PIN नहीं है। सुपरवाइज़र के साथ एक PIN चुनें।',
  brChoosePin: 'PIN चुनें',
  brChoosePinHelp: 'हेड ऑफ़िस ने {{name}} को इस दुकान में भेजा है। PIN इसी PC पर रहता है।',
  brNewPin: 'नया PIN, 6 अंक',
  brSupervisorPin: 'सुपरवाइज़र या मालिक का PIN',
  brNoPinYet: 'PIN अभी नहीं',
} as const;
