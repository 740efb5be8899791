/** What head office says it mended of what tills are sent. Rule kept: what was wrong, that it is right again, nothing to do. */
export const enOfficeMends = {
  mendTitle: 'Put right by itself',
  mendAll: 'All stores',
  mendAppended_one: '{{count}} row of “{{what}}” had not reached the tills as it is here. It has been sent again.',
  mendAppended_other:
    '{{count}} rows of “{{what}}” had not reached the tills as they are here. They have been sent again.',
  mendAnew_one: '{{count}} row of “{{what}}” had not reached the tills as it is here. The tills read all of it again.',
  mendAnew_other:
    '{{count}} rows of “{{what}}” had not reached the tills as they are here. The tills read all of it again.',
  mendUnread: 'What is sent to tills of “{{what}}” could not be read here any more. The tills read all of it again.',
  mendIncident: 'Number for support: {{incident}}',
  shapeTransfers: 'Transfers',
  shapeStores: 'Names of the stores',
  shapePrices: 'Prices sent',
} as const;
