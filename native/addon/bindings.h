/* What the addon has for JavaScript, a file a concern. lib/addon.ts has the types, and says what each does.
 */
#ifndef PREFORK_BINDINGS_H
#define PREFORK_BINDINGS_H

#include "stale.h"
#include "values.h"

extern const struct binding setup_bindings[], server_bindings[], call_bindings[], stream_bindings[],
    log_bindings[], entry_bindings[];

/* What initialisation looked at; made at the first use. */
struct stale *noted_files(void);

#endif
