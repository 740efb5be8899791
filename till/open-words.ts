/**
 * Why a shop could not be opened, in words for whoever stands before the PC. Rule kept: what is safe comes
 * first, then one thing to do; English and Hindi, because no one has signed in yet.
 */
import type { OpenRefusal } from '#db/open.ts';

export type OpenWords = { readonly en: string; readonly hi: string };

export function openWords(refusal: OpenRefusal): OpenWords {
  switch (refusal.type) {
    case 'SchemaNewer':
      return {
        en: "This shop's data was written by a newer BillMitra. Nothing was changed. Install the newer version and open it again.",
        hi: 'इस दुकान का डेटा नए BillMitra का है। कुछ नहीं बदला गया। नया वर्शन लगाकर फिर खोलें।',
      };
    case 'FileDamaged':
      return {
        en: `The file with the bills is damaged (${refusal.detail}). It was left untouched. Copy the shop's folder to a USB stick and restore the last backup.`,
        hi: `बिलों की फ़ाइल ख़राब है (${refusal.detail})। उसे छुआ नहीं गया। दुकान का फ़ोल्डर USB में कॉपी करें और पिछला बैकअप लगाएँ।`,
      };
    case 'DiskFull':
      return {
        en: 'The disk is full. All bills are safe. Free some space, then start again.',
        hi: 'डिस्क भर गई। सब बिल सुरक्षित हैं। जगह ख़ाली करें, फिर चालू करें।',
      };
    case 'DiskReadOnly':
      return {
        en: "Nothing can be written to the shop's folder. All bills are safe. Allow writing there, or choose another folder.",
        hi: 'दुकान के फ़ोल्डर में लिखा नहीं जा सकता। सब बिल सुरक्षित हैं। लिखने की अनुमति दें, या दूसरा फ़ोल्डर चुनें।',
      };
    case 'FolderInUse':
      return {
        en: 'This shop is already open in another BillMitra on this PC. Use that one, or close it first.',
        hi: 'यह दुकान इसी PC पर दूसरे BillMitra में खुली है। उसी में काम करें, या पहले उसे बंद करें।',
      };
    case 'NotAFolder':
      return {
        en: `A file stands where the folder ${refusal.path} should be. Nothing was changed. Choose another folder.`,
        hi: `फ़ोल्डर ${refusal.path} की जगह एक फ़ाइल है। कुछ नहीं बदला गया। दूसरा फ़ोल्डर चुनें।`,
      };
    case 'NodeTooOld':
      return {
        en: 'This program needs Node 24. Start it with "npm start": that brings the right one along.',
        hi: 'इस प्रोग्राम को Node 24 चाहिए। "npm start" से चालू करें: सही वाला साथ आता है।',
      };
    case 'SqliteTooOld':
      return {
        en: `The database engine ${refusal.version} is too old to be safe. Install BillMitra again.`,
        hi: `डेटाबेस इंजन ${refusal.version} पुराना और असुरक्षित है। BillMitra फिर से लगाएँ।`,
      };
  }
}
