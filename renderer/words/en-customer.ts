/**
 * English words of the customer's screen and of what opens it. Rule kept: short enough to be read across a
 * counter; nothing of the shop's own business stands here.
 */
export const enCustomer = {
  csToPay: 'To pay',
  csSaved: 'You save ₹{{amount}} on MRP',
  csScanUpi: 'Scan with any UPI app',
  csUpiQr: 'UPI code for ₹{{amount}}',
  csCashReceived: 'Cash received ₹{{amount}}',
  csStill: 'Still to pay ₹{{amount}}',
  csChange: 'Your change',
  csTotal: 'Total',
  csPaid: 'Paid',
  csPaidSum: 'Paid ₹{{amount}}',
  csThanks: 'Thank you',
  csComeAgain: 'Please come again',
  csWelcome: 'Welcome',
  csMoment: 'One moment',
  csAbove_one: '{{count}} item above.',
  csAbove_other: '{{count}} items above.',
  csInAll_one: '{{count}} item in all.',
  csInAll_other: '{{count}} items in all.',
  csInAllGst_one: '{{count}} item in all, GST {{gst}} is included.',
  csInAllGst_other: '{{count}} items in all, GST {{gst}} is included.',
  csShown: 'Shown to customer',
  csBigger: 'Click: full screen',
  mCustomerScreen: 'Customer screen',
  csNameHi: 'Name in Hindi, for the customer’s screen',
  csOpened: 'The customer screen is open. A click in it makes it full screen.',
  csOneMonitor: 'Only one monitor is found. The customer screen is open in a window; move it later.',
  csBlocked: 'The browser kept the window shut. Allow pop-ups for this page, then try again.',
  csOpensItself: 'It opens by itself on the second monitor as soon as one is plugged in.',
} as const;
