#include "shortage.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "group.h"
#include "protocol.h"
#include "small_file.h"

/* A server needs one, and its watcher another. */
#define INSTANCES 2
/* Server, watcher and spares have some hundred. */
#define FILES_LEFT 1024
#define FILE_SIZE (12u << 20)
_Static_assert(FILE_SIZE > PFI_NOTES_SIZE + (3u << 20), ""); /* an environment is behind the notes */
/* A server of a middling script with its spares takes 60 to 120 MB; the call itself would take its part of
 * that in a plain run too. */
#define MEMORY_LEFT_KB (128L << 10)

/* The number behind a word at the beginning of a line, or -1. */
static long long number_behind(const char *text, const char *word) {
    size_t length = strlen(word);
    for (const char *line = text; line; line = strchr(line, '\n'), line = line ? line + 1 : NULL)
        if (strncmp(line, word, length) == 0) return atoll(line + length);
    return -1;
}

/* The kernel tells nobody how many a user has: so they are tried for. */
static bool lacks_instances(void) {
    int made[INSTANCES];
    bool lacks = false;
    for (int i = 0; i < INSTANCES; i++) {
        made[i] = inotify_init1(IN_CLOEXEC);
        if (made[i] < 0 && errno == EMFILE) lacks = true;
    }
    for (int i = 0; i < INSTANCES; i++)
        if (made[i] >= 0) close(made[i]);
    return lacks;
}

static bool lacks_files(void) {
    char text[128];
    long long allocated, most;
    return read_small("/proc/sys/fs/file-nr", text, sizeof text) &&
           sscanf(text, "%lld %*d %lld", &allocated, &most) == 2 && most - allocated < FILES_LEFT;
}

static bool lacks_memory(void) {
    char text[8192];
    if (!read_small("/proc/meminfo", text, sizeof text)) return false;
    long long available = number_behind(text, "MemAvailable:");
    return available >= 0 && available < MEMORY_LEFT_KB;
}

/* Pages of files that nobody has used lately are as good as free. */
static long long read_reclaimable(const char *group) {
    char path[PATH_MAX + 64], text[8192];
    snprintf(path, sizeof path, "/sys/fs/cgroup%s/memory.stat", group);
    long long pages = read_small(path, text, sizeof text) ? number_behind(text, "inactive_file ") : -1;
    return pages > 0 ? pages : 0;
}

static bool lacks_group_memory(const char *group) {
    long long most = group_number(group, "memory.max"), used = group_number(group, "memory.current");
    return most >= 0 && used >= 0 && most - used + read_reclaimable(group) < MEMORY_LEFT_KB * 1024;
}

/* What setup is handed grows beyond its notes by the environment and what stands there in words. Nothing gets
 * around a hard limit; a soft one is raised for that one file (setup.c). */
static bool lacks_file_size(const struct call *call) {
    return call->limits[RLIMIT_FSIZE].rlim_max < FILE_SIZE;
}

const char *find_shortage(const struct call *call) {
    if (lacks_file_size(call)) return "files may not grow to the 12 MiB that a server needs (ulimit -f)";
    if (lacks_instances())
        return "there are too few inotify instances left for a server (fs.inotify.max_user_instances)";
    if (lacks_files()) return "there are too few open files left for a server (fs.file-max)";
    if (lacks_memory()) return "there is too little memory left for a server";
    if (lacks_in_groups(lacks_group_memory))
        return "there is too little memory left for a server in its control group";
    return NULL;
}
