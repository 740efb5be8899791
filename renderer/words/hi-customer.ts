/**
 * Hindi words of the customer's screen: spoken shop Hindi. Rule kept: the same keys as English, by type.
 */
import type { enCustomer } from './en-customer.ts';

export const hiCustomer: Readonly<Record<keyof typeof enCustomer, string>> = {
  csToPay: 'कुल',
  csSaved: 'MRP पर ₹{{amount}} की बचत',
  csScanUpi: 'किसी भी UPI ऐप से स्कैन करें',
  csUpiQr: '₹{{amount}} का UPI कोड',
  csCashReceived: 'नक़द मिला ₹{{amount}}',
  csStill: 'अभी देना है ₹{{amount}}',
  csChange: 'आपके वापस',
  csTotal: 'कुल',
  csPaid: 'भुगतान हो गया',
  csPaidSum: '₹{{amount}} मिल गए',
  csThanks: 'धन्यवाद',
  csComeAgain: 'फिर आइएगा',
  csWelcome: 'स्वागत है',
  csMoment: 'एक मिनट',
  csAbove_one: 'ऊपर {{count}} और।',
  csAbove_other: 'ऊपर {{count}} और।',
  csInAll_one: 'कुल {{count}} सामान।',
  csInAll_other: 'कुल {{count}} सामान।',
  csInAllGst_one: 'कुल {{count}} सामान, इसमें GST {{gst}}।',
  csInAllGst_other: 'कुल {{count}} सामान, इसमें GST {{gst}}।',
  csShown: 'ग्राहक को दिख रहा है',
  csBigger: 'क्लिक करें: पूरी स्क्रीन',
  mCustomerScreen: 'ग्राहक की स्क्रीन',
  csNameHi: 'हिंदी में नाम, ग्राहक की स्क्रीन के लिए',
  csOpened: 'ग्राहक की स्क्रीन खुल गई। उसमें क्लिक करने से पूरी स्क्रीन होगी।',
  csOneMonitor: 'एक ही मॉनिटर मिला। ग्राहक की स्क्रीन खिड़की में खुली है; बाद में खिसका लें।',
  csBlocked: 'ब्राउज़र ने खिड़की नहीं खोली। इस पेज के लिए पॉप-अप चालू करें, फिर दोबारा करें।',
  csOpensItself: 'दूसरा मॉनिटर लगाते ही यह अपने-आप खुलती है।',
};
