/** What a window is compared with. */
export type ReferencePolicy =
  /** The data that the model was trained with. */
  | {readonly kind: 'training'}
  /** The windows of the same weekday (of the same hour, where windows are shorter than a day) in so many weeks before. */
  | {readonly kind: 'season'; readonly weeks: number};
