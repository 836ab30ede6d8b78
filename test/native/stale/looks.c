#include "driver.h"
#include <dirent.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define THREADS 8

void write_whole(const char *path, int flags, const char *text) {
    int fd = open(path, O_WRONLY | flags, 0644);
    ssize_t length = (ssize_t)strlen(text);

    if (fd < 0 || write(fd, text, (size_t)length) != length || close(fd) < 0) fail("write", path);
}

/* --- initialisation --- */

static void read_file(const char *path) {
    int fd = open(path, O_RDONLY);
    char buffer[4096];

    if (fd < 0) return;
    while (read(fd, buffer, sizeof buffer) > 0) {
    }
    close(fd);
}

static void list_directory(const char *path) {
    DIR *directory = opendir(path);

    if (!directory) return;
    while (readdir(directory)) {
    }
    closedir(directory);
}

static void ask_for(const char *path, bool follow) {
    struct stat stat_;

    (void)(follow ? stat(path, &stat_) : lstat(path, &stat_));
}

static void resolve(const char *path) {
    free(realpath(path, NULL));
}

static void read_link(const char *path) {
    char target[4096];

    if (readlink(path, target, sizeof target) < 0) return;
}

static bool initialises(const char *word, const char *path, const char *second) {
    if (!strcmp(word, "read"))
        read_file(path);
    else if (!strcmp(word, "list"))
        list_directory(path);
    else if (!strcmp(word, "stat"))
        ask_for(path, true);
    else if (!strcmp(word, "lstat"))
        ask_for(path, false);
    else if (!strcmp(word, "exists"))
        (void)!access(path, F_OK);
    else if (!strcmp(word, "readlink"))
        read_link(path);
    else if (!strcmp(word, "realpath"))
        resolve(path);
    else if (!strcmp(word, "write"))
        write_whole(path, O_CREAT | O_TRUNC, "wrote");
    else if (!strcmp(word, "mkdir"))
        (void)mkdir(path, 0755);
    else if (!strcmp(word, "unlink"))
        (void)unlink(path);
    else if (!strcmp(word, "rename"))
        (void)rename(path, second);
    else if (!strcmp(word, "chmod"))
        (void)chmod(path, 0600);
    else if (!strcmp(word, "touch"))
        (void)utimensat(AT_FDCWD, path, NULL, 0);
    else if (!strcmp(word, "chdir"))
        (void)!chdir(path);
    else
        return false;
    return true;
}

/* --- many looks --- */

struct looker {
    pthread_t thread;
    const char *directory;
    int number, names;
};

static void *look_around(void *argument) {
    const struct looker *looker = argument;
    char path[4096];

    for (int i = 0; i < looker->names; i++) {
        snprintf(path, sizeof path, "%s/nothing-%d-%d", looker->directory, looker->number, i);
        ask_for(path, true);
    }
    return NULL;
}

static void start_lookers(struct looker *lookers, const char *directory, int names) {
    for (int i = 0; i < THREADS; i++) {
        lookers[i] = (struct looker){.directory = directory, .number = i, .names = names};
        if (pthread_create(&lookers[i].thread, NULL, look_around, &lookers[i])) fail("pthread_create", "");
    }
}

static void look_in_threads(const char *directory, int names) {
    struct looker lookers[THREADS];

    start_lookers(lookers, directory, names);
    for (int i = 0; i < THREADS; i++)
        pthread_join(lookers[i].thread, NULL);
}

/* Comes back while the threads are still at it. */
static void keep_looking(const char *directory, int names) {
    static struct looker lookers[THREADS];
    static char kept[4096];

    snprintf(kept, sizeof kept, "%s", directory);
    start_lookers(lookers, kept, names);
    usleep(3000);
}

/* --- other processes --- */

void replace(const char *path, const char *text) {
    char draft[4096];

    snprintf(draft, sizeof draft, "%s.draft", path);
    write_whole(draft, O_CREAT | O_TRUNC, text);
    if (rename(draft, path) < 0) fail("rename", path);
}

static void change_through_map(const char *path, const char *text) {
    int fd = open(path, O_RDWR);
    char *map = mmap(NULL, strlen(text), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

    if (fd < 0 || map == MAP_FAILED) fail("map", path);
    memcpy(map, text, strlen(text));
    munmap(map, strlen(text));
    close(fd);
}

static bool is_done_by_another(const char *word, const char *path, const char *second) {
    if (!strcmp(word, "other-writes"))
        write_whole(path, O_CREAT, second);
    else if (!strcmp(word, "other-replaces"))
        replace(path, second);
    else if (!strcmp(word, "other-removes"))
        (void)unlink(path);
    else if (!strcmp(word, "other-maps"))
        change_through_map(path, second);
    else if (!strcmp(word, "other-reads"))
        read_file(path);
    else
        return false;
    return true;
}

/* In a child, of which the observer notes nothing. */
static bool others_do(const char *word, const char *path, const char *second) {
    int status;
    pid_t other;

    if (strncmp(word, "other-", sizeof "other-" - 1)) return false;
    other = fork();
    if (other < 0) fail("fork", word);
    if (!other) _exit(is_done_by_another(word, path, second) ? 0 : 1);
    if (waitpid(other, &status, 0) < 0 || status) fail("another process failed:", word);
    return true;
}

/* Looks at file after file that was written just before, so often that the observer's patience ends. */
static void read_hot_files(const char *directory, int files) {
    char path[4096];

    for (int i = 0; i < files; i++) {
        snprintf(path, sizeof path, "%s/hot-%d", directory, i);
        others_do("other-writes", path, "hot");
        read_file(path);
    }
}

bool looks(const char *word, char *path, char *second) {
    if (!strcmp(word, "look-in-threads"))
        look_in_threads(path, atoi(second));
    else if (!strcmp(word, "keep-looking"))
        keep_looking(path, atoi(second));
    else if (!strcmp(word, "read-hot-files"))
        read_hot_files(path, atoi(second));
    else
        return initialises(word, path, second) || others_do(word, path, second);
    return true;
}
