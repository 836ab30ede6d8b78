/* Descriptors of the first caller that initialisation was given or made copies of. */
#ifndef PREFORK_DESCRIPTORS_H
#define PREFORK_DESCRIPTORS_H

#define PLACEHOLDER_FIRST 3
#define PLACEHOLDER_LAST 63

/* Points 0, 1 and 2, and every other descriptor that leads to the same terminal, pipe or socket as 1 or 2 do
 * (Node opens terminals anew), at /dev/null. Returns 0, or -1 with errno. */
int descriptors_let_go_of_caller(void);

/* Closes everything between PLACEHOLDER_FIRST and PLACEHOLDER_LAST but what `kept` says (indexed by number).
 */
void descriptors_close_placeholders(const unsigned char kept[PLACEHOLDER_LAST + 1]);

/* Where so many cannot be opened any more, as initialisation has used up what the limit allows: closes that
 * many placeholders, the last ones. What arrives there is moved to where it belongs. */
void descriptors_make_room(int count);

/* Moves a descriptor to a number of at least 64 (close-on-exec), so that it stands in no call's way. Returns
 * the new number or -1. */
int descriptor_move_up(int descriptor);

#endif
