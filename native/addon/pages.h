/*
 * Pages that calls touch are made ready in a spare.
 *
 * After a fork the first write to each page is a fault and a copy, and the first look into a file's page a
 * fault too: a one-line script met some 90 of them between its call's arrival and its end, a third of its
 * time on a virtual machine. Calls of one script touch much the same pages, as all are forks of one heap. So
 * the first few tell which pages they ended up with, when their clients have their answers, and every later
 * spare asks the kernel for these at once. Nothing depends on it: without (a kernel before 5.14) a call
 * merely meets its faults.
 */
#ifndef PREFORK_PAGES_H
#define PREFORK_PAGES_H

/* In the server, before the first fork: memory in which executors leave what they found. */
void pages_open(void);

/* In a spare that has just been forked. */
void pages_make_ready(void);

/* In an executor whose client knows its end, and which has nothing open any more. */
void pages_learn(void);

#endif
