/** What head office says it mended of what tills are sent, in shop Hindi. Rule kept: as en-office-mends.ts, word for word. */
import type { enOfficeMends } from './en-office-mends.ts';

export const hiOfficeMends: Record<keyof typeof enOfficeMends, string> = {
  mendTitle: 'जो अपने आप ठीक हुआ',
  mendAll: 'सभी दुकानें',
  mendAppended_one: '“{{what}}” की {{count}} लाइन काउंटरों तक वैसी नहीं पहुँची थी जैसी यहाँ है। दोबारा भेज दी गई।',
  mendAppended_other: '“{{what}}” की {{count}} लाइनें काउंटरों तक वैसी नहीं पहुँची थीं जैसी यहाँ हैं। दोबारा भेज दी गईं।',
  mendAnew_one: '“{{what}}” की {{count}} लाइन काउंटरों तक वैसी नहीं पहुँची थी जैसी यहाँ है। काउंटर सब कुछ फिर से मँगा रहे हैं।',
  mendAnew_other: '“{{what}}” की {{count}} लाइनें काउंटरों तक वैसी नहीं पहुँची थीं जैसी यहाँ हैं। काउंटर सब कुछ फिर से मँगा रहे हैं।',
  mendUnread: '“{{what}}” में काउंटरों को जो भेजना था वह यहाँ पढ़ा नहीं जा सका। काउंटर सब कुछ फिर से मँगा रहे हैं।',
  mendIncident: 'मदद के लिए नंबर: {{incident}}',
  shapeTransfers: 'माल का आना-जाना',
  shapeStores: 'दुकानों के नाम',
  shapePrices: 'भेजे गए दाम',
};
