/* Entries of the run directory, for the management command. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bindings.h"
#include "entry.h"

/* What each of these is called with: a run directory, and the name of an entry. */
struct place {
    int directory;
    char *name;
};

static bool take_place(napi_env env, napi_callback_info info, struct place *place) {
    napi_value arguments[2];
    arguments_of(env, info, arguments, 2);
    char *path = text_of(env, arguments[0]);
    place->name = text_of(env, arguments[1]);
    place->directory = path && place->name ? open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC) : -1;
    free(path);
    return place->directory >= 0;
}

static void leave_place(const struct place *place) {
    if (place->directory >= 0) close(place->directory);
    free(place->name);
}

/* lockEntry(directory, name): a descriptor, or null */
static napi_value lock_entry(napi_env env, napi_callback_info info) {
    struct place place;
    napi_value result;
    int lock = take_place(env, info, &place) ? entry_lock(place.directory, place.name) : -1;
    leave_place(&place);
    if (lock < 0) return text_or_null(env, NULL);
    napi_create_int32(env, lock, &result);
    return result;
}

/* unlockEntry(descriptor) */
static napi_value unlock_entry(napi_env env, napi_callback_info info) {
    napi_value lock;
    arguments_of(env, info, &lock, 1);
    entry_unlock(int_of(env, lock));
    return text_or_null(env, NULL);
}

/* isEntryOurs(directory, name) */
static napi_value is_entry_ours(napi_env env, napi_callback_info info) {
    struct place place;
    bool ours = take_place(env, info, &place) && entry_is_ours(place.directory, place.name);
    leave_place(&place);
    return truth(env, ours);
}

/* removeEntry(directory, name): null, or why it could not be removed */
static napi_value remove_entry(napi_env env, napi_callback_info info) {
    struct place place;
    bool removed = take_place(env, info, &place) && entry_remove(place.directory, place.name);
    const char *reason = removed ? NULL : strerror(errno);
    leave_place(&place);
    return text_or_null(env, reason);
}

const struct binding entry_bindings[] = {
    {"lockEntry", lock_entry},
    {"unlockEntry", unlock_entry},
    {"isEntryOurs", is_entry_ours},
    {"removeEntry", remove_entry},
    {NULL, NULL},
};
