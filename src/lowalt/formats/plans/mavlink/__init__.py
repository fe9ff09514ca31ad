"""Missions of MAVLink autopilots: what their items make an aircraft do."""
