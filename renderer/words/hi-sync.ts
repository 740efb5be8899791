/** Hindi: head office. Rule kept: the same keys as en-sync.ts. */
export const hiSync = {
  eJoinNoServer: 'इस पते पर हेड ऑफ़िस नहीं मिला। पता और नेटवर्क देखें।',
  eJoinCodeUnknown: 'हेड ऑफ़िस यह कोड नहीं पहचानता। कोड फिर पढ़ें या नया माँगें।',
  eJoinCodeUsed: 'यह कोड पहले लग चुका है। हेड ऑफ़िस से नया माँगें।',
  eJoinCodeExpired: 'यह कोड पुराना हो गया। हेड ऑफ़िस से नया माँगें।',
  eJoinOtherStore: 'इस PC में अपनी दुकान के बिल हैं। हेड ऑफ़िस से नई दुकान का कोड माँगें।',
} as const;
