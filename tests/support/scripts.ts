/** Letters of one, two, three and four bytes in UTF-8, alone and joined, for tests of what becomes of bytes. */
export const scripts = {
  Cyrillic: 'Қазақ тілі, письмо. ',
  Chinese: '中亚研究，水与信任。',
  Arabic: 'دراسات آسيا الوسطى ',
  Devanagari: 'मध्य एशियाई अध्ययन ',
  emoji: '👩🏽‍🔬📜🏔️🐫 ',
  'combining marks': 'e\u0301o\u0308\u0323n\u0303 Tu\u0308rkic̣ ',
  'a mixture': 'aя中🐪e\u0301ب',
} as const;
