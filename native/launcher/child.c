#include "child.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

/* For kernels before 5.9. Closing while listing is safe if it is listed again until nothing is left. */
static void close_listed(int first) {
    for (int closed = 1; closed;) {
        closed = 0;
        DIR *list = opendir("/proc/self/fd");
        if (!list) return;
        for (struct dirent *entry; (entry = readdir(list));) {
            int fd = atoi(entry->d_name);
            if (fd >= first && fd != dirfd(list) && close(fd) == 0) closed = 1;
        }
        closedir(list);
    }
}

void close_from(int first) {
#ifdef SYS_close_range
    if (syscall(SYS_close_range, (unsigned)first, ~0u, 0) == 0) return;
#endif
    close_listed(first);
}

void reset_signals(void) {
    struct sigaction action = {.sa_handler = SIG_DFL};
    sigset_t none;
    for (int number = 1; number < NSIG; number++)
        sigaction(number, &action, NULL); /* fails for SIGKILL and such */
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}
