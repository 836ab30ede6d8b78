#include "settings.h"

#include <stdlib.h>
#include <string.h>

bool is_set(const char *name) {
    const char *value = getenv(name);
    return value && *value && strcmp(value, "0") != 0;
}

/* A value that is no number in range counts as absent: a typing error must not end every call. */
static long read_number(const char *name, long most, long fallback) {
    const char *value = getenv(name);
    if (!value) return fallback;
    char *end;
    long number = strtol(value, &end, 10);
    return *value < '0' || *value > '9' || *end || number < 1 || number > most ? fallback : number;
}

static long long read_seconds(const char *name, long fallback) {
    return read_number(name, 3600, fallback) * 1000LL;
}

size_t server_limit(void) {
    return (size_t)read_number("PREFORK_INTERP_SERVERS", 1000, 16);
}

long long waiting_limit(void) {
    return read_seconds("PREFORK_INTERP_WAIT", 30);
}

long long setup_limit(void) {
    return read_seconds("PREFORK_INTERP_SETUP_WAIT", 60);
}
