#include "descriptors.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "close_between.h"

static bool leads_to_caller(int descriptor, const struct stat *null, const struct stat standard[3]);

int descriptors_let_go_of_caller(void) {
    struct stat standard[3], null_stat;
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    if (null < 0 || fstat(null, &null_stat) < 0) return -1;
    for (int descriptor = 0; descriptor <= 2; descriptor++)
        if (fstat(descriptor, &standard[descriptor]) < 0) return -1;
    DIR *all = opendir("/proc/self/fd");
    if (!all) return -1;
    struct dirent *entry;
    while ((entry = readdir(all))) {
        int descriptor = atoi(entry->d_name);
        if (descriptor <= 2 || descriptor == null || descriptor == dirfd(all)) continue;
        if (leads_to_caller(descriptor, &null_stat, standard)) dup3(null, descriptor, O_CLOEXEC);
    }
    closedir(all);
    for (int descriptor = 0; descriptor <= 2; descriptor++) {
        if (dup2(null, descriptor) < 0) return -1;
    }
    close(null);
    return 0;
}

static bool same_file(const struct stat *a, const struct stat *b) {
    return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

/* A regular file is no matter: it keeps nobody waiting, and the script may have opened it by its own name. */
static bool leads_to_caller(int descriptor, const struct stat *null, const struct stat standard[3]) {
    struct stat here;
    if (fstat(descriptor, &here) < 0 || S_ISREG(here.st_mode) || same_file(&here, null)) return false;
    return same_file(&here, &standard[0]) || same_file(&here, &standard[1]) || same_file(&here, &standard[2]);
}

void descriptors_close_placeholders(const unsigned char kept[PLACEHOLDER_LAST + 1]) {
    int first = PLACEHOLDER_FIRST;
    for (int number = PLACEHOLDER_FIRST; number <= PLACEHOLDER_LAST + 1; number++) {
        if (number <= PLACEHOLDER_LAST && !kept[number]) continue;
        close_between(first, number - 1);
        first = number + 1;
    }
}

void descriptors_make_room(int count) {
    int opened[PLACEHOLDER_LAST], made = 0;
    if (count > PLACEHOLDER_LAST - PLACEHOLDER_FIRST) count = PLACEHOLDER_LAST - PLACEHOLDER_FIRST;
    while (made < count &&
           (opened[made] = fcntl(PLACEHOLDER_FIRST, F_DUPFD_CLOEXEC, PLACEHOLDER_LAST + 1)) >= 0)
        made++;
    for (int i = 0; i < made; i++)
        close(opened[i]);
    for (int i = 0; made < count && i < count; i++)
        close(PLACEHOLDER_LAST - i);
}

int descriptor_move_up(int descriptor) {
    if (descriptor > PLACEHOLDER_LAST) return descriptor;
    int moved = fcntl(descriptor, F_DUPFD_CLOEXEC, PLACEHOLDER_LAST + 1), reason = errno;
    if (descriptor >= 0) close(descriptor);
    errno = reason;
    return moved;
}
