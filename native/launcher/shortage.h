/* What the machine has too little of for one more server. */
#ifndef LAUNCHER_SHORTAGE_H
#define LAUNCHER_SHORTAGE_H

#include "call.h"

/* A sentence that says what is short, or null. What cannot be found out counts as enough. */
const char *find_shortage(const struct call *call);

#endif
