#include "adopt.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "descriptors.h"
#include "kept.h"

/* Numbers above any that a caller's descriptors are likely to have, while they are moved about. */
#define OUT_OF_THE_WAY 512

extern char **environ;

static const char *place_descriptors(struct call *call);
static const char *set_limits(const struct call *call);

const char *adopt_call(struct call *call) {
    const char *problem = place_descriptors(call);
    if (!problem && call->extended) {
        if (!kept_umask()) umask((mode_t)call->umask & 0777);
        problem = set_limits(call);
    }
    environ = kept_environment(call->environment);
    return problem;
}

static bool stands_in_the_way(const struct call *call, size_t of) {
    for (size_t i = 0; i < call->descriptor_count; i++) {
        if (i != of && call->targets[i] == (uint32_t)call->descriptors[of]) return true;
    }
    return false;
}

static bool has_target(const struct call *call, int number) {
    for (size_t i = 0; i < call->descriptor_count; i++) {
        if (call->targets[i] == (uint32_t)number) return true;
    }
    return false;
}

/* What Node does at start to descriptors it inherited (uv_disable_stdio_inheritance): close-on-exec for 0 to
 * 15, and from there up to the first number that is not open. A script's children see the difference. */
static bool is_closed_on_exec_by_node(const struct call *call, int number) {
    for (int below = 16; below < number; below++) {
        if (!has_target(call, below)) return false;
    }
    return true;
}

/* Into a directory that may not be searched nobody can go; but a process may be there. */
static bool go_to(int directory) {
    struct stat there, here;
    if (fchdir(directory) == 0) return true;
    return fstat(directory, &there) == 0 && fstat(AT_FDCWD, &here) == 0 && there.st_dev == here.st_dev &&
           there.st_ino == here.st_ino;
}

/* The placeholders have kept what arrived above 63, and what the script opened too: a call's descriptors
 * below find their own numbers free. Above, a number may be taken by the script's own; then the call cannot
 * be served here. */
static const char *place_descriptors(struct call *call) {
    unsigned char kept[PLACEHOLDER_LAST + 1] = {1, 1, 1};
    for (size_t i = 0; i < call->descriptor_count; i++) {
        if (!stands_in_the_way(call, i)) continue;
        int moved = fcntl(call->descriptors[i], F_DUPFD_CLOEXEC, OUT_OF_THE_WAY);
        if (moved < 0) return "too many descriptors are open";
        close(call->descriptors[i]);
        call->descriptors[i] = moved;
    }
    for (size_t i = 0; i < call->descriptor_count; i++) {
        int from = call->descriptors[i];
        if (call->targets[i] == PFI_TARGET_CWD) {
            if (!kept_directory() && !go_to(from)) return "cannot change to the caller's directory";
            close(from);
            continue;
        }
        int to = (int)call->targets[i];
        if (to == from) continue;
        if (to < 0) return "a descriptor's number makes no sense";
        if (to > PLACEHOLDER_LAST && fcntl(to, F_GETFD) >= 0) return "a descriptor's number is taken";
        if (dup3(from, to, is_closed_on_exec_by_node(call, to) ? O_CLOEXEC : 0) < 0)
            return "cannot give a descriptor its number";
        if (to <= PLACEHOLDER_LAST) kept[to] = 1;
        close(from);
    }
    if (call->extended) descriptors_close_placeholders(kept);
    return NULL;
}

/* Hard limits are part of the ident, so they are equal. Node raises the limit of descriptors to the hard one
 * at start. */
static const char *set_limits(const struct call *call) {
    for (int i = 0; i < PFI_LIMITS; i++) {
        struct rlimit limit;
        if (getrlimit((__rlimit_resource_t)i, &limit) < 0) continue;
        rlim_t wanted = i == RLIMIT_NOFILE ? limit.rlim_max : (rlim_t)call->soft_limits[i];
        if (limit.rlim_cur == wanted) continue;
        limit.rlim_cur = wanted;
        if (setrlimit((__rlimit_resource_t)i, &limit) < 0) return "cannot set the caller's limits";
    }
    return NULL;
}
