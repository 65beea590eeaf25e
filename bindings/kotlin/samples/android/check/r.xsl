<?xml version="1.0" encoding="UTF-8"?>
<!-- Does what Android's tools do: a number for each string. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">
  <xsl:output method="text" encoding="UTF-8"/>
  <xsl:template match="/resources">
    <xsl:text>package org.llavero.sample&#10;&#10;@Suppress("ClassName")&#10;public object R {&#10;    public object string {&#10;</xsl:text>
    <xsl:for-each select="string">
      <xsl:text>        public const val </xsl:text>
      <xsl:value-of select="@name"/>
      <xsl:text>: Int = </xsl:text>
      <xsl:value-of select="position()"/>
      <xsl:text>&#10;</xsl:text>
    </xsl:for-each>
    <xsl:text>    }&#10;}&#10;</xsl:text>
  </xsl:template>
</xsl:stylesheet>
