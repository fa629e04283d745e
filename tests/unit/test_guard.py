"""Deny by default: no field without a rule, no rule that opens by accident, and reading by filter or order."""

import pytest
import strawberry
from graphql import GraphQLError, GraphQLObjectType, GraphQLSchema, parse, validate
from graphql import build_schema as read_sdl

from schema.entities import ENTITIES, OnSale, Product
from schema.graph.build import build_rules, build_schema, graph_schema, sdl
from schema.graph.directives import Public, RequiresScopes, requires
from schema.graph.guard import UnruledFieldError, rules_of, scope_rule
from schema.graph.inputs import BooleanFilter, Direction, TextFilter, conditions_of, order_of
from schema.graph.types import FILTERS, ORDERS
from schema.plan.nodes import Condition, Operator, Order
from schema.scopes import Scope
