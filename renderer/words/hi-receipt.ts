/**
 * Hindi sentences of the receipt's own look: its logo. Rule kept: the words a shopkeeper uses; the keys are
 * en-receipt.ts's.
 */
export const hiReceipt = {
  logoTitle: 'रसीद पर लोगो',
  logoNone: 'कोई नहीं। काला-सफ़ेद PNG सबसे साफ़ छपता है।',
  logoChoose: 'PNG चुनें',
  logoRemove: 'लोगो हटाएँ',
  eLogoNotPng: 'यह फ़ाइल PNG नहीं है। तस्वीर को PNG में सेव करके दोबारा चुनें।',
  eLogoTooLarge: 'तस्वीर बहुत बड़ी है। ज़्यादा से ज़्यादा {{kb}} KB और हर तरफ़ {{side}} बिंदु।',
  eLogoUnreadable: 'यह PNG पढ़ी नहीं जा सकी। दोबारा सेव करके नई चुनें।',
  eLogoBlank: 'इस तस्वीर का कुछ नहीं छपेगा: पूरी सफ़ेद है। गहरी तस्वीर चुनें।',
  eLogoNoEngine: 'इस PC पर तस्वीर नहीं बनती। रसीद बिना लोगो छपेगी।',
} as const;
