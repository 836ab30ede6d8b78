/* The variables that set the launcher itself. */
#ifndef LAUNCHER_SETTINGS_H
#define LAUNCHER_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>

/* Whether a switch (PREFORK_INTERP_DISABLE, PREFORK_INTERP_DEBUG) is on: there, not empty and not 0. */
bool is_set(const char *name);

/* Milliseconds that a call waits for a server: PREFORK_INTERP_WAIT (seconds, 1 to 3600), else 30 s. */
long long waiting_limit(void);

/* Milliseconds that initialisation may take: PREFORK_INTERP_SETUP_WAIT (seconds, 1 to 3600), else 60 s. */
long long setup_limit(void);

/* How many live servers a user may have: PREFORK_INTERP_SERVERS (1 to 1000), else 16. */
size_t server_limit(void);

#endif
