/** What a page says of a value that is not there, in the tree of a message as in the table of what differs. */
export const NOTHING = 'nothing';
