/* An addon that notes when its process forks: nanoseconds of the monotonic clock, a line each, appended to
 * the file that NOTES_FORKS names. */
#include <fcntl.h>
#include <node_api.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static char file[4096];

static void note(void) {
    struct timespec now;
    char line[32];
    int fd = open(file, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    clock_gettime(CLOCK_MONOTONIC, &now);
    int length = snprintf(line, sizeof line, "%lld\n", now.tv_sec * 1000000000ll + now.tv_nsec);
    if (fd < 0 || write(fd, line, (size_t)length) != length) _exit(99);
    close(fd);
}

NAPI_MODULE_EXPORT napi_value NAPI_MODULE_INITIALIZER(napi_env env, napi_value exports);

NAPI_MODULE_INIT(/* napi_env env, napi_value exports */) {
    (void)env;
    const char *name = getenv("NOTES_FORKS");
    snprintf(file, sizeof file, "%s", name ? name : "");
    if (pthread_atfork(note, NULL, NULL) != 0) return NULL;
    return exports;
}
