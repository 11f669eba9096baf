// The work behind load_network_files(): private to lib/ops/network_*.cc.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "ops/config.h"
#include "ops/csv_table.h"
#include "ops/network_files.h"

namespace minqing::ops {

/// A duty as it stands in the file: its places are needed for checks across duties.
struct DutyLine {
  Section section;
  Duty duty;
};

/// Reads the files one after another, then checks what they say about each other. A file that
/// cannot be read silences the checks that need it, so that one slip is not reported as thousands.
class NetworkLoader {
 public:
  explicit NetworkLoader(const std::filesystem::path& dir) : dir_{dir} {}

  Result<NetworkFiles> run();

 private:
  bool read_network();
  void read_divisions();
  void read_division(const CsvRow& row);
  void check_parents(const std::vector<CsvRow>& rows);
  void read_english_names();
  void read_categories();
  void read_agencies();
  void read_links();
  void read_calendar();
  void read_holiday(const Section& section);
  void read_duties();
  void read_duty(const Section& section);
  void read_assists(const Section& section, Duty& duty);
  void check_lead(const DutyLine& line);
  void check_same();
  void check_sealed(const DutyLine& line, const std::string& sealed);
  Status all_faults();

  ConfigFile* open(const std::string& path);
  std::string line(const Section& section,
                   const char* key,
                   std::optional<std::string> fallback = {});
  bool add_address(AddressEntry entry, const Place& place, std::string& fault);
  /// The address of `text`, which must exist; none when it does not (and that is recorded).
  Address known(const Section& section, const char* key, const std::string& text);
  std::string address_fault(const std::string& text, Address& out) const;
  bool is_division(const std::string& code) const;
  std::optional<OrgKind> kind_at(const Address& address) const;  // nullopt: not read

  std::filesystem::path dir_;
  NetworkFiles out_;
  std::string divisions_path_;
  std::string categories_path_;
  std::string agencies_path_;
  std::string duties_path_;
  std::string links_path_;
  std::string calendar_path_;                       // empty: none
  std::vector<std::unique_ptr<ConfigFile>> files_;  // in the order of their faults
  std::vector<Error> errors_;                       // files that cannot be read
  FaultList division_faults_;
  bool has_divisions_ = false;
  bool has_agencies_ = false;
  bool has_categories_ = false;
  bool has_links_ = false;
  std::map<Address, std::pair<std::size_t, Place>> addresses_;  // index in content, first place
  std::map<std::string, Place> categories_;
  std::set<std::pair<Address, Address>> links_;
  std::map<LocalDay, Place> calendar_days_;
  bool is_calendar_sound_ = true;
  std::vector<DutyLine> duties_;
};

}  // namespace minqing::ops
