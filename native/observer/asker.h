/* Who asks for a variable. */
#ifndef PREFORK_OBSERVER_ASKER_H
#define PREFORK_OBSERVER_ASKER_H

#include <stdbool.h>

/* Finds Node's functions by their names. */
void asker_start(void);

/* Whether getenv, whose frame this is (or null), is asked by Node only to learn whether a variable is there.
 */
bool asks_for_presence(const void *frame);

#endif
