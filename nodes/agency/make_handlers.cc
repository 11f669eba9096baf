#include "nodes/agency/make_handlers.h"

#include "nodes/agency/demo_handler.h"
#include "nodes/agency/folder_handler.h"
#include "ops/log.h"
#include "seal/hash.h"

namespace minqing::agency {
namespace {

Result<std::unique_ptr<node::Handler>> make_handler(const node::HandlerConfig& config) {
  switch (config.kind) {
    case node::HandlerKind::kDemo: {
      const auto stage = config.stage == node::DemoStage::kOffice ? DemoHandler::Stage::kOffice
                                                                  : DemoHandler::Stage::kAgency;
      ops::log::warn("event=demo_handler address={} note={}",
                     config.address ? config.address->text() : "*",
                     ops::log::quoted("DEMONSTRATION ONLY: acts without people"));
      return std::unique_ptr<node::Handler>{std::make_unique<DemoHandler>(stage, config.delay)};
    }
    case node::HandlerKind::kFolder: {
      ASSIGN_OR_RETURN(
          auto folder,
          FolderHandler::open({.address = *config.address,
                               .directory = config.directory,
                               .roles = config.roles,
                               .hash = [](ByteView bytes) { return Leaf{seal::hash(bytes)}; }}));
      return std::unique_ptr<node::Handler>{std::move(folder)};
    }
  }
  CHECK(false);
}

}  // namespace

Result<std::vector<node::HandlerSet::Binding>> make_handlers(const node::NodeConfig& config) {
  std::vector<node::HandlerSet::Binding> out;
  for (const node::HandlerConfig& handler : config.handlers) {
    ASSIGN_OR_RETURN(auto made, make_handler(handler));
    out.push_back({handler.address, std::move(made)});
  }
  return out;
}

}  // namespace minqing::agency
