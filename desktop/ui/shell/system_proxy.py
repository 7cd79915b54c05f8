"""The proxy that the platform chooses for a host: on Windows and macOS that knows the scripts (PAC, WPAD) of a network, too."""

from __future__ import annotations


def find(host: str) -> str:
    """Address of the proxy for https to a host, "" for none. May take seconds where a script is fetched; any thread."""
    from PySide6.QtCore import QUrl
    from PySide6.QtNetwork import QNetworkProxy, QNetworkProxyFactory, QNetworkProxyQuery

    query = QNetworkProxyQuery(QUrl(f"https://{host}/"))
    for proxy in QNetworkProxyFactory.systemProxyForQuery(query):
        if proxy.type() == QNetworkProxy.ProxyType.HttpProxy and proxy.hostName():
            return f"http://{proxy.hostName()}:{proxy.port()}"
        if proxy.type() == QNetworkProxy.ProxyType.NoProxy:
            return ""
    return ""
