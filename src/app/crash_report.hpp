#pragma once

namespace atrium::app {

/// From now on, a crash of the process (SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT) writes the signal and the stack of the thread
/// to standard error; then the signal has its default effect, so that the system can write a core dump. An exception that is
/// not caught is described first. Affects the whole process. Does nothing in a build with sanitizers, which have reports of
/// their own.
void report_crashes();

/// Gives the calling thread an additional stack, on which a crash of this thread is reported. Without it, a thread that has
/// used up its own stack ends the process without a report. `report_crashes` does the same for the thread that calls it.
void use_crash_stack();

} // namespace atrium::app
