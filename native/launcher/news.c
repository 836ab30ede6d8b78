#include "news.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#include "plain.h"
#include "rundir.h"
#include "settings.h"
#include "sha256.h"

/* What was said, a file each: its time says when, its name of which script and why; what stands in it is for
 * a reader. An empty one does as well, so that nothing here needs room on the disk. */
#define LETTER 'p'
#define DIGITS 32
#define SECONDS_REMEMBERED 60
/* Nobody reads more lines than that in a minute. */
#define MOST_REMEMBERED 100

bool is_recent(const struct stat *file) {
    time_t age = time(NULL) - file->st_mtim.tv_sec;
    return age >= 0 && age < SECONDS_REMEMBERED;
}

/* A script is known by its file, whatever path leads there; one that was edited is another, so that whoever
 * mends it hears whether he has. */
static void add_script(struct sha256 *hash, const struct call *call) {
    struct stat file;
    const char *name = script_name(call);
    if (!call->options.script || stat(name, &file) != 0) {
        sha256_add(hash, name, strlen(name) + 1);
        return;
    }
    const uint64_t identity[] = {file.st_dev, file.st_ino, (uint64_t)file.st_mtim.tv_sec,
                                 (uint64_t)file.st_mtim.tv_nsec};
    sha256_add(hash, identity, sizeof identity);
}

static void name_news(const struct call *call, const char *reason, char name[1 + DIGITS + 1]) {
    struct sha256 hash;
    uint8_t digest[SHA256_SIZE];
    sha256_start(&hash);
    add_script(&hash, call);
    sha256_add(&hash, reason, strlen(reason));
    sha256_finish(&hash, digest);
    *name = LETTER;
    for (size_t i = 0; i < DIGITS / 2; i++)
        sprintf(name + 1 + 2 * i, "%02x", digest[i]);
}

static bool is_name(const char *name) {
    return *name == LETTER && strlen(name) == 1 + DIGITS &&
           name[1 + strspn(name + 1, "0123456789abcdef")] == '\0';
}

/* Takes away what is out of date, and counts the rest. */
static size_t forget_old(const struct call *call) {
    size_t count = 0;
    struct stat file;
    int fd = openat(call->directory_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *directory = fd < 0 ? NULL : fdopendir(fd);
    if (!directory) {
        if (fd >= 0) close(fd);
        return 0;
    }
    for (struct dirent *entry; (entry = readdir(directory));) {
        if (!is_name(entry->d_name) || fstatat(fd, entry->d_name, &file, AT_SYMLINK_NOFOLLOW) != 0) continue;
        if (is_recent(&file) || unlinkat(fd, entry->d_name, 0) != 0) count++;
    }
    closedir(directory);
    return count;
}

/* For the first time within a minute, or ever. */
static bool remember(const struct call *call, const char *name, const char *reason) {
    if (forget_old(call) >= MOST_REMEMBERED) return false;
    int fd = openat(call->directory_fd, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0) return false; /* another was faster, or there is no room for a name */
    dprintf(fd, "%s: %s\n", script_name(call), reason);
    close(fd);
    return true;
}

/* Of those who find it out of date, one says it anew. */
static bool renew(int fd) {
    struct stat file;
    return flock(fd, LOCK_EX | LOCK_NB) == 0 && fstat(fd, &file) == 0 && !is_recent(&file) &&
           futimens(fd, NULL) == 0;
}

bool is_news(struct call *call, const char *reason) {
    char name[1 + DIGITS + 1];
    if (is_set("PREFORK_INTERP_DEBUG")) return true;
    if (call->directory_fd < 0 && find_rundir(call, true)) return false;
    name_news(call, reason, name);
    int fd = openat(call->directory_fd, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0) return errno == ENOENT && remember(call, name, reason);
    bool news = renew(fd);
    close(fd);
    return news;
}
