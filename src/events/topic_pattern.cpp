#include <events/in_process/in_process_bus.hpp>
#include <events/topic_pattern.hpp>
