/* Signals: blocked and read from a descriptor while a call runs, and as they were for whatever we execute. */
#ifndef LAUNCHER_SIGNALS_H
#define LAUNCHER_SIGNALS_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct signals {
    int fd;                        /* -1 until caught */
    uint64_t mask_before;          /* as the kernel has it */
    struct sigaction child_before; /* SIGCHLD ignored would take our child's status away */
    bool child_changed;
    struct sigaction too_large_before; /* SIGXFSZ */
    bool too_large_ignored;
};

struct caught {
    int number;
    bool from_terminal;
};

/* Under a limit of sizes of files (ulimit -f) a write beyond it, also of a line to a log, would end us where
 * Node goes on: from here on it fails instead. */
void ignore_too_large(struct signals *signals);

/* Blocks every signal and makes them readable at signals->fd; with_child: we have one to wait for, whose
 * changes make it readable too. A blocked signal is never ignored, so what the caller ignored comes too: Node
 * resets ignored signals at start, a plain run would get them. False, with errno, where a sandbox forbids it:
 * then all is as before. */
bool catch_signals(struct signals *signals, bool with_child);

/* Blocks all signals but this one. If it is pending it arrives now. */
void let_through(int number);

/* Blocks all again. */
void block_all(void);

/* Gives mask and dispositions back, but for SIGXFSZ. */
void release_signals(struct signals *signals);

/* The same, and that of SIGXFSZ too, for whatever is executed. */
void give_signals_back(struct signals *signals);

/* Takes one signal that somebody sent. False: none is there. */
bool take_signal(const struct signals *signals, struct caught *caught);

#endif
