"""Which agent of the model carries the balance of an entity, and what role the entity has."""

from __future__ import annotations

ROLE_OF_KIND = {
    "lender": "lender",
    "platform": "platform",
    "holder_group": "holder",
    "component_supplier": "suppliers",
    "builder_power": "suppliers",
    "vehicle": "vehicle",
    "equity_sponsor": "equity_sponsor",
    "lab": "lab",
    "neocloud": "leveraged_cloud",
    "chip_maker": "chips",
    "leveraged_cloud": "leveraged_cloud",
    "end_user_group": "other_firms",
    "other": "other",
}
ROLE_OF_ENTITY = {"consumers": "households", "consumer_ai": "households", "households_us": "households"}

OWN_AGENT = (
    "nvidia",
    "microsoft",
    "alphabet",
    "amazon",
    "meta",
    "oracle",
    "coreweave",
    "openai",
    "anthropic",
    "xai",
    "softbank",
    "other_silicon",
    "other_neoclouds",
    "vehicles_oracle",
    "vehicles_meta",
    "vehicles_xai",
    "vehicles_coreweave",
    "other_labs",
    "sovereign_and_venture",
    "public_equity_funds",
    "dc_pensions",
    "foreign_holders",
    "banks",
    "private_credit_and_insurers",
    "bond_funds",
    "households",
    "other_firms",
    "suppliers_and_rest_of_world",
    "government",
)

MEMBERS = {
    "xai": "spacex_xai",
    "other_silicon": "amd broadcom cerebras",
    "other_neoclouds": (
        "nebius lambda crusoe iren nscale fluidstack core42 third_party_cloud undisclosed_partner ai_clouds"
    ),
    "vehicles_oracle": (
        "vantage_frontier_spv vantage_lighthouse_spv vantage_data_centers blue_owl_new_mexico_spv "
        "crusoe_blue_owl related_digital_michigan"
    ),
    "vehicles_meta": "beignet_spv hyperion_jv meta_el_paso_spv",
    "vehicles_xai": "xai_valor_spv valor_compute_infrastructure",
    "vehicles_coreweave": "coreweave_ddtl_v coreweave_spv_viii",
    "other_labs": "mistral perplexity poolside reflection_ai",
    "sovereign_and_venture": "mgx other_investors valor_equity",
    "dc_pensions": "us_401k us_dc_plans",
    "banks": (
        "banks_morgan_stanley_led bridge_lenders goldman_jpmorgan_mizuho goldman_sachs hsbc jpm_gs_japanese_banks "
        "jpmorgan jpmorgan_citi_goldman_ms_syndicate jpmorgan_goldman jpmorgan_mufg_syndicate margin_lenders "
        "morgan_stanley_jpmorgan_led morgan_stanley_mufg morgan_stanley_mufg_goldman_jpm "
        "mufg_morgan_stanley_goldman seven_bank_syndicate us_banks us_big6_banks"
    ),
    "private_credit_and_insurers": (
        "apollo apollo_blackstone_and_syndicate apollo_diameter_lenders blackstone_magnetar_led brookfield "
        "ddtl_lenders ddtl_lenders_blackstone_magnetar pimco private_credit private_credit_investors project_lenders"
    ),
    "bond_funds": (
        "bondholders bondholders_pimco_anchor bond_and_loan_investors convertible_holders "
        "mandatory_convertible_holders blackrock"
    ),
    "households": "households_us consumers consumer_ai openai_foundation employees_and_other_investors",
    "other_firms": (
        "enterprises enterprises_api enterprise_ai disney snowflake apple tesla palantir akamai "
        "berkshire_hathaway cursor scale_ai"
    ),
    "suppliers_and_rest_of_world": (
        "component_suppliers micron samsung samsung_and_sk_hynix sk_hynix tsmc asml coherent corning lumentum "
        "nokia supermicro dell synopsys vertiv oem_vendors aligned_data_centers anthropic_data_centre_landlords "
        "applied_digital cipher core_scientific data_centre_landlords galaxy_digital hut8 nexus_data_centers "
        "sb_energy_softbank terawulf utilities_us arm applied_digital_polaris_forge"
    ),
}
AGENT_OF = {member: agent for agent, members in MEMBERS.items() for member in members.split()} | {
    agent: agent for agent in OWN_AGENT
}

MODEL_AGENTS = {
    "other_silicon": ("Other silicon (AMD, Broadcom and others)", "chips"),
    "other_neoclouds": ("Other AI clouds (Nebius, Lambda, Crusoe, IREN and others)", "leveraged_cloud"),
    "vehicles_oracle": ("Vehicles of the sites leased to Oracle", "vehicle"),
    "vehicles_meta": ("Vehicles of the sites leased to Meta", "vehicle"),
    "vehicles_xai": ("Chip leasing vehicles for xAI", "vehicle"),
    "vehicles_coreweave": ("CoreWeave's borrowing vehicles", "vehicle"),
    "other_labs": ("Other laboratories (Mistral, Perplexity and others)", "lab"),
    "sovereign_and_venture": ("Sovereign wealth and venture funds", "equity_sponsor"),
    "public_equity_funds": ("Public equity funds", "holder"),
    "dc_pensions": ("Defined contribution pension plans", "holder"),
    "foreign_holders": ("Foreign holders of US shares", "holder"),
    "banks": ("Banks", "lender"),
    "private_credit_and_insurers": ("Private credit funds and insurers", "lender"),
    "bond_funds": ("Bond funds and other bondholders", "lender"),
    "households": ("Households", "households"),
    "other_firms": ("Other firms", "other_firms"),
    "suppliers_and_rest_of_world": ("Suppliers and the rest of the world", "suppliers"),
    "government": ("Government", "government"),
}

# firms whose name or note says "group", as companies call themselves
FIRMS_NAMED_GROUP = frozenset({"SoftBank Group", "Nebius Group", "SpaceX"})
AGGREGATE_NOTE_WORDS = ("pseudo entity", "group", "parameter subject", "unnamed", "overlaps", "sum of", "together")


def is_aggregate(kind: str, name: str, note: str) -> bool:
    """Tell whether an entity is a reporting line or a group, not one firm."""
    if name in FIRMS_NAMED_GROUP:
        return False
    text = f"{name} {note}".lower()
    return kind in {"other", "holder_group"} or any(word in text for word in AGGREGATE_NOTE_WORDS)
