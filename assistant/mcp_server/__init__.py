"""The MCP server: the metrics and the knowledge as tools for other programs' models (docs/mcp.md)."""
