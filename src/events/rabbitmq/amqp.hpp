#pragma once

/// Includes librabbitmq (rabbitmq-c), whose headers have old and new names. Since version 0.12 they are in a folder of their
/// own, and including them by their old names causes a warning. Debian 12 has 0.11, with the old names only.
#if __has_include(<rabbitmq-c/amqp.h>)
#include <rabbitmq-c/amqp.h>
#include <rabbitmq-c/framing.h>
#include <rabbitmq-c/ssl_socket.h>
#include <rabbitmq-c/tcp_socket.h>
#else
#include <amqp.h>
#include <amqp_framing.h>
#include <amqp_ssl_socket.h>
#include <amqp_tcp_socket.h>
#endif
