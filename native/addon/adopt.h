/* Makes the process what the caller is: descriptors, directory, umask, limits, environment. */
#ifndef PREFORK_ADOPT_H
#define PREFORK_ADOPT_H

#include "call.h"

/* Returns NULL, or the reason (a static string) why this process cannot be the call's. */
const char *adopt_call(struct call *call);

#endif
