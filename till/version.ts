/** Which BillMitra this is, as head office sees it of its tills. Rule kept: the same as package.json's; a test compares. */
export const tillVersion = '0.1.0';
