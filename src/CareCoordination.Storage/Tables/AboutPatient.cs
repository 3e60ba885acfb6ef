namespace CareCoordination.Storage.Tables;

/// <summary>What the column Patient holds where it is no key of one.</summary>
internal static class AboutPatient
{
    /// <summary>The version is in nobody's compartment.</summary>
    public const long Nobody = 0;

    /// <summary>It is in those of several patients, who stand in <see cref="FhirTables.SharedPatient"/>.</summary>
    public const long Several = -1;

    /// <summary>It was written before this was kept: only those see it who see all.</summary>
    public const long Unknown = -2;

    /// <summary>The labels of what was written before they were kept: every label there is.</summary>
    public const long UnknownLabels = -1;
}
