// What the figures were measured on, told without names of hosts and paths.
#pragma once

#include <filesystem>
#include <string>

namespace minqing::bench {

struct Machine {
  unsigned cpus = 0;
  std::string cpu;  // "AMD EPYC"
  std::uint64_t memory_mib = 0;
  std::string kernel;       // "Linux 6.1.0"
  std::string file_system;  // of the stores: "ext4"
  std::string disk;         // "virtual", "solid state", "rotating", "" when the kernel does not say
  double flush_micros = 0;  // median of an 8 KiB append and fdatasync in `stores`
  std::string versions;     // of the libraries in use
};

/// `stores`: a directory on the disk that the stores will be on. Cost: some tens of milliseconds.
Machine look_at_machine(const std::filesystem::path& stores);

/// One line for people.
std::string to_string(const Machine& machine);

}  // namespace minqing::bench
