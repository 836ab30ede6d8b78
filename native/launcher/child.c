#include "child.h"

#include <signal.h>
#include <stddef.h>

void reset_signals(void) {
    struct sigaction action = {.sa_handler = SIG_DFL};
    sigset_t none;
    for (int number = 1; number < NSIG; number++)
        sigaction(number, &action, NULL); /* fails for SIGKILL and such */
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}
