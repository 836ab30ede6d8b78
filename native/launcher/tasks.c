#include "tasks.h"

#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "group.h"
#include "small_file.h"

/* A server, its watcher and two spares have 29 on Node 20; a plain Node has 11, and aborts where it cannot
 * have them: two of those must still fit. */
#define TASKS_NEEDED 52

static long long number_behind(const char *text, const char *word) {
    const char *found = strstr(text, word);
    return found ? atoll(found + strlen(word)) : -1;
}

/* All of the machine: whoever is below his limit even by these need not count his own. */
static long long tasks_of_machine(void) {
    char text[128];
    const char *slash = read_small("/proc/loadavg", text, sizeof text) ? strchr(text, '/') : NULL;
    return slash ? atoll(slash + 1) : LLONG_MAX;
}

static long long tasks_of_user(void) {
    long long count = 0;
    char path[300], text[8192];
    DIR *processes = opendir("/proc");
    if (!processes) return 0;
    for (struct dirent *entry; (entry = readdir(processes));) {
        if (*entry->d_name < '1' || *entry->d_name > '9') continue;
        snprintf(path, sizeof path, "/proc/%s/status", entry->d_name);
        if (read_small(path, text, sizeof text) && number_behind(text, "\nUid:") == (long long)getuid())
            count += number_behind(text, "\nThreads:");
    }
    closedir(processes);
    return count;
}

/* The kernel does not hold root to it. */
static bool lacks_by_user(const struct call *call) {
    rlim_t most = call->limits[RLIMIT_NPROC].rlim_cur;
    if (most == RLIM_INFINITY || getuid() == 0) return false;
    long long limit = most < LLONG_MAX ? (long long)most : LLONG_MAX;
    return tasks_of_machine() > limit - TASKS_NEEDED && tasks_of_user() > limit - TASKS_NEEDED;
}

static bool lacks_in_group(const char *group) {
    long long most = group_number(group, "pids.max"), used = group_number(group, "pids.current");
    return most >= 0 && used >= 0 && most - used < TASKS_NEEDED;
}

bool has_room_for_tasks(const struct call *call) {
    return !lacks_by_user(call) && !lacks_in_groups(lacks_in_group);
}
