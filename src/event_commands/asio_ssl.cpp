// Compiles the part of Boost.Asio that implements TLS, because BOOST_ASIO_SEPARATE_COMPILATION excludes it from the other
// files.
#include <boost/asio/ssl/impl/src.hpp>
