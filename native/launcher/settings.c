#include "settings.h"

#include <stdlib.h>
#include <string.h>

bool is_set(const char *name) {
    const char *value = getenv(name);
    return value && *value && strcmp(value, "0") != 0;
}

/* A value that is no number of seconds in range counts as absent: a typing error must not end every call. */
static long long read_seconds(const char *name, long fallback) {
    const char *value = getenv(name);
    if (!value) return fallback * 1000LL;
    char *end;
    long seconds = strtol(value, &end, 10);
    if (end == value || *end || seconds < 1 || seconds > 3600) seconds = fallback;
    return seconds * 1000LL;
}

long long waiting_limit(void) {
    return read_seconds("PREFORK_INTERP_WAIT", 30);
}

long long setup_limit(void) {
    return read_seconds("PREFORK_INTERP_SETUP_WAIT", 60);
}
